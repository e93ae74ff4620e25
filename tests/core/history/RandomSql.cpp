// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/history/RandomSql.h"

#include "core/base/Time.h"

namespace weir::test {
namespace {

std::string randomTime(std::mt19937& random)
{
    const Timestamp time = fromUnixNanos(1'800'000'000'000'000'000) + std::chrono::seconds(random() % 320);
    const std::string text = formatRfc3339(time);
    return oneOf(random, {"'" + text + "'", "'" + text.substr(0, 19) + "Z'",
                          "'" + text.substr(0, 10) + " " + text.substr(11, 8) + "'",
                          "'" + text.substr(0, 19) + "+00:00'", "'2027-01-15'"});
}

std::string randomTerm(std::mt19937& random)
{
    const std::string compare = oneOf(random, {"=", "<", "<=", ">", ">=", "<>", "IS", "IS NOT"});
    const std::string number = std::to_string(random() % 330);
    switch (random() % 16) {
    case 0:
        return "seq " + compare + " " +
               oneOf(random, {number, number + ".5", "'" + number + "'", "NULL", "-3", "1e300"});
    case 1:
        return "time " + oneOf(random, {"=", "<", "<=", ">", ">="}) + " " + randomTime(random);
    case 2:
        return "time BETWEEN " + randomTime(random) + " AND " + randomTime(random);
    case 3:
        return "time_ns " + compare + " " +
               oneOf(random, {"1800000000000000000 + " + number + "000000000", "1.8e18", "'x'"});
    case 4:
        return "subject " + compare + " " +
               oneOf(random, {"'orders.48213.created'", "'orders.*.created'", "'>'", "'7'", "7", "x'6f'"});
    case 5:
        return "subject " + oneOf(random, {"LIKE", "GLOB", "NOT LIKE", "NOT GLOB"}) + " " +
               oneOf(random, {"'orders.%'", "'ORDERS.%'", "'orders.*'", "'Orders.*'", "'%created'",
                              "'auth_%'", "'o[rq]*'", "NULL"});
    case 6:
        return "pop " + compare + " " +
               oneOf(random, {"'FRA'", "'fra'", "'LHR'", "''", "NULL", "'fra' COLLATE NOCASE"});
    case 7:
        return "pop " + oneOf(random, {"IN", "NOT IN"}) + " " +
               oneOf(random, {"('FRA', 'LHR')", "('fra', 'nrt')", "(NULL, 'FRA')", "()", "('FRA', 5)"});
    case 8:
        return "worker " + compare + " " +
               oneOf(random, {"'checkout'", "'Checkout'", "'auth'", "'checkout' COLLATE NOCASE"});
    case 9:
        return "identity " +
               oneOf(random, {"= 'checkout@edge'", "IN ('checkout@edge', 'nobody')", "IS NULL", "> 'b'"});
    case 10:
        return "trace " + oneOf(random, {"= '4bf92f3577b34da6a3ce929d0e0e4736'",
                                         "= '4BF92F3577B34DA6A3CE929D0E0E4736'", "= 12", "IS NULL"});
    case 11:
        return "latency_us " + compare + " " +
               oneOf(random, {"150000", "149999.5", "0", "-1", "'150000'", "100000", "9e18"});
    case 12:
        return "size " + compare + " " + oneOf(random, {number, "150", "0", "-1", "'100'"});
    case 13:
        return "account " + oneOf(random, {"= 'EDGE'", "= 'edge'", "IN ('EDGE', 'CORE')", "IS NULL"});
    case 14:
        return "rowid " + oneOf(random, {"= " + number, "IN (1, 5, " + number + ")", "> " + number});
    default:
        return "evidence " + oneOf(random, {"= 'verified'", "IN ('claimed', 'vouched')", "< 'u'"});
    }
}

} // namespace

std::string oneOf(std::mt19937& random, const std::vector<std::string>& choices)
{
    return choices[random() % choices.size()];
}

std::string randomWhere(std::mt19937& random, int depth)
{
    if (depth == 0 || random() % 3 == 0)
        return randomTerm(random);
    const std::string left = randomWhere(random, depth - 1);
    const std::string right = randomWhere(random, depth - 1);
    return oneOf(random, {left + " AND " + right, left + " AND " + right, "(" + left + " OR " + right + ")",
                          "NOT (" + left + ")"});
}

std::string randomTail(std::mt19937& random)
{
    const std::string limit = random() % 2 == 0 ? ""
                                                : " LIMIT " + std::to_string(random() % 40) +
                                                      (random() % 2 == 0 ? "" : " OFFSET 7");
    return oneOf(random, {" ORDER BY seq", " ORDER BY seq DESC", " ORDER BY time, seq",
                          " ORDER BY time DESC, seq DESC", " ORDER BY time_ns, seq", " ORDER BY pop, seq",
                          " ORDER BY time DESC, seq"}) +
           limit;
}

} // namespace weir::test
