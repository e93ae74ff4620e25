// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Result.h"

#include <QTest>

#include <memory>
#include <string>

using namespace weir;

class TestResult : public QObject
{
    Q_OBJECT
private slots:
    void holdsAValue();
    void holdsAnError();
    void movesOut();
    void chains();
    void errorIsOneLine();
};

namespace {

const Error kFailure{ErrorCode::Io, "reading x", "the disk said no", "try another"};

Result<int> half(int number)
{
    if (number % 2 != 0)
        return kFailure;
    return number / 2;
}

} // namespace

void TestResult::holdsAValue()
{
    const Result<int> result = 4;
    QVERIFY(result);
    QCOMPARE(*result, 4);
    QCOMPARE(result.value_or(7), 4);
}

void TestResult::holdsAnError()
{
    const Result<int> result = kFailure;
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Io);
    QCOMPARE(result.value_or(7), 7);
    const Result<void> nothing = kFailure;
    QVERIFY(!nothing);
    QVERIFY(Result<void>());
}

void TestResult::movesOut()
{
    Result<std::unique_ptr<int>> result = std::make_unique<int>(9);
    const std::unique_ptr<int> taken = *std::move(result);
    QCOMPARE(*taken, 9);
}

void TestResult::chains()
{
    QCOMPARE(*half(8).and_then(half), 2);
    QVERIFY(!half(6).and_then(half));
    QCOMPARE(*half(8).transform([](int n) { return std::to_string(n); }), std::string("4"));
    QCOMPARE(half(7).transform([](int n) { return n; }).error().why, kFailure.why);
}

void TestResult::errorIsOneLine()
{
    QCOMPARE(kFailure.line(), std::string("reading x failed: the disk said no (try another)"));
    QCOMPARE((Error{ErrorCode::Io, "a", "b", ""}.line()), std::string("a failed: b"));
}

QTEST_APPLESS_MAIN(TestResult)
#include "tst_result.moc"
