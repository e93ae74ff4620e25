// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/Pushdown.h"

#include "core/sql/Moment.h"
#include "core/sql/NumberRange.h"
#include "core/sql/PushedTerms.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::int64_t kLeast = NumberRange().low;
constexpr std::int64_t kMost = NumberRange().high;

bool isOrdering(SqlOp op)
{
    return op != SqlOp::Like && op != SqlOp::Glob;
}

/// One plan's terms, put into a query one after the other.
class Narrowing
{
public:
    explicit Narrowing(SqlQuery& into) : m_into(into) {}

    [[nodiscard]] Result<void> add(const SqlPlan::Term& term, SqlValues values)
    {
        std::erase_if(values, [](const SqlValue& value) { return value.kind == SqlValue::Kind::Null; });
        if (values.empty()) { // nothing equals NULL, and nothing is in an empty list
            m_into.nothing = true;
            return {};
        }
        switch (term.column) {
        case MessageColumn::Filter:
            return addFilter(values.front());
        case MessageColumn::Seq:
            addSeqs(hullOf(term.op, values));
            return {};
        case MessageColumn::TimeNs:
            addTimes(hullOf(term.op, values));
            return {};
        case MessageColumn::Time:
            return addMoments(term.op, values);
        case MessageColumn::Size:
            addNumbers(FilterField::Size, hullOf(term.op, values));
            return {};
        case MessageColumn::LatencyUs:
            // Rounded towards 0 from what the filter compares.
            addNumbers(FilterField::Latency, hullOf(term.op, values).widened().times(1000));
            return {};
        default:
            addNames(term, values);
            return {};
        }
    }
    void finish()
    {
        if (!m_terms.empty())
            m_into.query.filter = Filter::both(m_into.query.filter, std::move(m_terms));
    }

private:
    Result<void> addFilter(const SqlValue& value)
    {
        const std::string text =
            value.kind == SqlValue::Kind::Integer ? std::to_string(value.integer) : value.bytes;
        auto filter = Filter::parse(text);
        if (!filter)
            return filter.error();
        if (filter->root() != nullptr)
            m_terms.push_back(*filter->root());
        m_into.filter = text;
        return {};
    }

    void addSeqs(NumberRange seqs)
    {
        HistoryQuery& query = m_into.query;
        m_into.nothing = m_into.nothing || seqs.low > seqs.high || seqs.high < 1;
        query.firstSeq = std::max<std::uint64_t>(
            query.firstSeq, static_cast<std::uint64_t>(std::max<std::int64_t>(seqs.low, 1)));
        query.lastSeq = std::min<std::uint64_t>(
            query.lastSeq, static_cast<std::uint64_t>(std::max<std::int64_t>(seqs.high, 1)));
        m_into.nothing = m_into.nothing || query.firstSeq > query.lastSeq;
    }

    void addTimes(NumberRange times)
    {
        HistoryQuery& query = m_into.query;
        if (times.low > kLeast)
            query.from = std::max(query.from, fromUnixNanos(times.low));
        if (times.high < kMost)
            query.to = std::min(query.to, fromUnixNanos(times.high + 1));
        m_into.nothing = m_into.nothing || query.from >= query.to;
    }

    Result<void> addMoments(SqlOp op, const SqlValues& values)
    {
        SqlValues moments;
        for (const SqlValue& value : values) {
            if (value.kind == SqlValue::Kind::Blob)
                return {};
            const auto moment =
                value.kind == SqlValue::Kind::Text ? momentOf(value.bytes) : std::optional<Timestamp>();
            if (!moment)
                return notAMoment(value);
            moments.emplace_back(toUnixNanos(*moment));
        }
        addTimes(hullOf(op, moments));
        return {};
    }

    static Error notAMoment(const SqlValue& value)
    {
        if (value.kind == SqlValue::Kind::Text)
            return {ErrorCode::Usage, "comparing column time", "'" + value.bytes + "' is not a time",
                    "write 2026-11-20T23:45:08Z, or datetime('now', '-15 minutes')"};
        return {ErrorCode::Usage, "comparing column time", "a number is not a time",
                "write 2026-11-20T23:45:08Z, or compare column time_ns with nanoseconds since 1970"};
    }

    void addNumbers(FilterField field, NumberRange range)
    {
        m_into.nothing = m_into.nothing || range.low > range.high;
        if (range.low > kLeast)
            m_terms.push_back(numberTerm(field, FilterOp::GreaterOrEqual, range.low));
        if (range.high < kMost)
            m_terms.push_back(numberTerm(field, FilterOp::LessOrEqual, range.high));
    }

    void addNames(const SqlPlan::Term& term, const SqlValues& values)
    {
        if (!isOrdering(term.op)) {
            if (values.front().kind == SqlValue::Kind::Text)
                m_terms.push_back(subjectTerm(term.op, values.front().bytes));
            return;
        }
        const NamedColumn* const named = namedColumn(term.column);
        auto node = named != nullptr ? nameTerm(*named, values) : std::nullopt;
        if (node)
            m_terms.push_back(std::move(*node));
    }

    SqlQuery& m_into;
    std::vector<FilterNode> m_terms;
};

} // namespace

bool canPush(MessageColumn column, SqlOp op, SqlCollation collation)
{
    const bool equality = op == SqlOp::Equals || op == SqlOp::AnyOf;
    switch (column) {
    case MessageColumn::Seq:
    case MessageColumn::TimeNs:
    case MessageColumn::Size:
    case MessageColumn::LatencyUs:
        return isOrdering(op);
    case MessageColumn::Time:
        return isOrdering(op) && collation == SqlCollation::Moment;
    case MessageColumn::Filter:
        return op == SqlOp::Equals;
    case MessageColumn::Subject:
        return !isOrdering(op) || (equality && collation == SqlCollation::Binary);
    default:
        break;
    }
    const NamedColumn* const named = namedColumn(column);
    return named != nullptr && equality &&
           (collation == SqlCollation::Binary || (named->folds && collation == SqlCollation::NoCase));
}

Result<SqlQuery> pushDown(const SqlPlan& plan, const std::vector<SqlValues>& values)
{
    SqlQuery made;
    made.query.order = plan.order;
    made.query.columns = neededFor(plan.used) | bit(Column::Time); // to know how far it came
    made.byTime = plan.byTime;
    Narrowing narrowing(made);
    bool onlyFilter = true;
    for (std::size_t i = 0; i < plan.terms.size() && i < values.size(); ++i) {
        onlyFilter = onlyFilter && plan.terms[i].column == MessageColumn::Filter;
        if (auto done = narrowing.add(plan.terms[i], values[i]); !done)
            return done.error();
    }
    narrowing.finish();
    made.countOnly = onlyFilter && (plan.used & ~usedBit(MessageColumn::Filter)) == 0;
    return made;
}

} // namespace weir
