// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/IdVerdicts.h"

#include "core/filter/FilterTerm.h"

#include <algorithm>

namespace weir {
namespace {

/// A message with nothing but what `id` names.
Message messageOf(std::uint32_t id, FilterField field, const Names& names)
{
    Message message;
    if (field == FilterField::Subject)
        message.subjectName = names.subjects.name({id});
    else if (field == FilterField::Pop)
        message.popName = names.pops.name({id});
    else if (field == FilterField::Worker)
        message.workerName = names.workers.name({id});
    else
        message.identity = {id};
    return message;
}

} // namespace

bool IdVerdicts::decide(std::uint32_t id)
{
    if (id >= m_verdicts.size())
        m_verdicts.resize(std::max<std::size_t>(std::size_t{id} + 1, 2 * m_verdicts.size()),
                          Verdict::Unknown);
    const bool yes = termMatches(m_term, messageOf(id, m_term.field, m_names), m_names);
    m_verdicts[id] = yes ? Verdict::Yes : Verdict::No;
    return yes;
}

} // namespace weir
