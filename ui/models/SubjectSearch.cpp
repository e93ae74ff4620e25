// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/SubjectSearch.h"

#include <QRegularExpression>

#include <algorithm>

namespace weir {
namespace {

constexpr std::size_t kPage = 2048;
constexpr std::size_t kMostNodes = 400'000; // walked in one search: about a second

QRegularExpression wildcards(const QString& text)
{
    const QString wanted = text.trimmed();
    constexpr auto kOptions = QRegularExpression::CaseInsensitiveOption;
    const bool wild = wanted.contains(QLatin1Char('*')) || wanted.contains(QLatin1Char('>'));
    if (!wild)
        return QRegularExpression(QRegularExpression::escape(wanted), kOptions);
    QStringList tokens;
    for (const QString& token : wanted.split(QLatin1Char('.'))) {
        if (token == QLatin1String(">"))
            tokens << QStringLiteral(".+");
        else if (token == QLatin1String("*"))
            tokens << QStringLiteral("[^.]+");
        else
            // A star inside a token alone reaches over dots: "*paid*" is any subject that has "paid".
            tokens << QRegularExpression::escape(token).replace(
                QLatin1String("\\*"),
                wanted.contains(QLatin1Char('.')) ? QLatin1String("[^.]*") : QLatin1String(".*"));
    }
    return QRegularExpression(QRegularExpression::anchoredPattern(tokens.join(QStringLiteral("\\."))),
                              kOptions);
}

} // namespace

Result<SubjectMatch> subjectMatch(const QString& text)
{
    const QString wanted = text.trimmed();
    if (wanted.size() > 2 && wanted.startsWith(QLatin1Char('/')) && wanted.endsWith(QLatin1Char('/')))
        return subjectRegex(wanted.mid(1, wanted.size() - 2).toStdString());
    return SubjectMatch([pattern = wildcards(wanted)](std::string_view subject) {
        return pattern.match(QString::fromUtf8(subject.data(), static_cast<qsizetype>(subject.size())))
            .hasMatch();
    });
}

bool subjectBefore(const SubjectNode& a, const SubjectNode& b, SubjectSort sort)
{
    switch (sort) {
    case SubjectSort::Rate:
        if (a.rate != b.rate)
            return a.rate > b.rate;
        break;
    case SubjectSort::Count:
        if (a.count != b.count)
            return a.count > b.count;
        break;
    case SubjectSort::Bytes:
        if (a.bytes != b.bytes)
            return a.bytes > b.bytes;
        break;
    case SubjectSort::LastSeen:
        if (a.lastSeen != b.lastSeen)
            return a.lastSeen > b.lastSeen;
        break;
    case SubjectSort::Name:
        break;
    }
    return a.path < b.path;
}

SubjectHits searchSubjects(const SubjectTree& tree, const SubjectMatch& match, SubjectSort sort,
                           std::size_t limit)
{
    SubjectHits hits;
    std::vector<SubjectNodeId> open{tree.root().id};
    std::size_t walked = 0;
    while (!open.empty() && !hits.partial) {
        const SubjectNodeId parent = open.back();
        open.pop_back();
        for (std::size_t offset = 0;; offset += kPage) {
            SubjectPage page = tree.children(parent, SubjectSort::Name, offset, kPage);
            walked += page.nodes.size();
            for (SubjectNode& node : page.nodes) {
                if (node.children > 0)
                    open.push_back(node.id);
                if (node.own > 0 && match(node.path))
                    hits.page.nodes.push_back(std::move(node));
            }
            hits.partial = walked >= kMostNodes && (!open.empty() || offset + kPage < page.total);
            if (hits.partial || offset + kPage >= page.total)
                break;
        }
    }
    std::sort(hits.page.nodes.begin(), hits.page.nodes.end(),
              [sort](const SubjectNode& a, const SubjectNode& b) { return subjectBefore(a, b, sort); });
    hits.page.total = hits.page.nodes.size();
    if (hits.page.nodes.size() > limit)
        hits.page.nodes.resize(limit);
    return hits;
}

} // namespace weir
