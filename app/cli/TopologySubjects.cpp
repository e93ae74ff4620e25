// SPDX-License-Identifier: GPL-3.0-or-later
// Subjects as a tree of their tokens.
#include "app/cli/Output.h"
#include "app/cli/TopologyPrint.h"
#include "core/base/Wording.h"
#include "core/topology/FlowText.h"
#include "core/topology/SubjectPicture.h"

#include <cstdio>
#include <optional>

namespace weir::cli {
namespace {

void printRow(const SubjectPicture::Row& row)
{
    Clauses known;
    known.add(counted(row.node.count, "message"));
    known.add(flowRateText(row.rate));
    known.add(bytesForPeople(row.node.bytes));
    if (const auto& audience = row.node.audience)
        known.add((audience->whole ? "" : "at least ") + counted(audience->total(), "subscriber"));
    std::printf("%*s%s  %s\n", static_cast<int>(2 * row.depth), "",
                printable(subjectRowName(row.node)).c_str(), known.text().c_str());
}

} // namespace

void printSubjects(const SubjectsOfHistory& subjects, const std::string& filter, const RangeLooks* looks,
                   PictureFormat format)
{
    SubjectPictureOf of;
    of.from = subjects.from;
    of.to = subjects.to;
    of.filter = filter;
    of.sort = SubjectSort::Count;
    of.coverage = subjects.lacks;
    std::optional<SubjectAudience> audience;
    if (looks != nullptr && looks->now)
        of.audience = &audience.emplace(*looks->now, looks->account);
    auto picture = std::make_shared<const SubjectPicture>(subjectPicture(*subjects.tree, std::move(of)));
    if (format != PictureFormat::Text)
        return printSheet(subjectsSheet(picture), format);
    for (const SubjectPicture::Row& row : picture->rows)
        printRow(row);
    printRemarks(picture->graph);
}

} // namespace weir::cli
