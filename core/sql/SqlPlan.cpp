// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/Pushdown.h"

#include <algorithm>
#include <array>
#include <utility>

namespace weir {
namespace {

constexpr std::array<std::pair<SqlOp, std::string_view>, 8> kOps{{
    {SqlOp::Equals, "=?"},
    {SqlOp::AnyOf, "-in?"},
    {SqlOp::Less, "<?"},
    {SqlOp::LessOrEqual, "<=?"},
    {SqlOp::Greater, ">?"},
    {SqlOp::GreaterOrEqual, ">=?"},
    {SqlOp::Like, "-like?"},
    {SqlOp::Glob, "-glob?"},
}};
constexpr std::string_view kNewest = "newest-first";
constexpr std::string_view kOldest = "oldest-first";
constexpr std::string_view kByTime = "by-time";

bool readTerm(std::string_view word, SqlPlan::Term& term)
{
    const std::size_t end = word.find_first_of("=<>-");
    const std::string_view op = end == std::string_view::npos ? std::string_view() : word.substr(end);
    const auto known =
        std::find_if(kOps.begin(), kOps.end(), [op](const auto& one) { return one.second == op; });
    const auto columns = messageColumns();
    const auto column = std::find_if(columns.begin(), columns.end(), [&](const MessageColumnInfo& info) {
        return info.name == word.substr(0, end);
    });
    if (known == kOps.end() || column == columns.end())
        return false;
    term = {column->column, known->first};
    return true;
}

} // namespace

std::string SqlPlan::text() const
{
    std::string words(order == Order::NewestFirst ? kNewest : kOldest);
    if (byTime)
        words += " " + std::string(kByTime);
    for (const Term& term : terms) {
        words += ' ';
        words += messageColumns()[static_cast<std::size_t>(term.column)].name;
        words += kOps[static_cast<std::size_t>(term.op)].second;
    }
    return words;
}

SqlPlan SqlPlan::parse(std::uint32_t used, std::string_view text)
{
    SqlPlan plan;
    plan.used = used;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        Term term{};
        if (word == kNewest)
            plan.order = Order::NewestFirst;
        else if (word == kByTime)
            plan.byTime = true;
        else if (readTerm(word, term))
            plan.terms.push_back(term);
    }
    return plan;
}

} // namespace weir
