// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Secret.h"

#include <QTest>

using namespace weir;

class TestSecret : public QObject
{
    Q_OBJECT
private slots:
    void revealsOnRequestOnly();
    void movedFromIsEmpty();
};

void TestSecret::revealsOnRequestOnly()
{
    const Secret secret("s3cret");
    QCOMPARE(secret.reveal(), std::string("s3cret"));
    static_assert(!std::is_convertible_v<Secret, std::string>);
    static_assert(!std::is_convertible_v<Secret, std::string_view>);
}

void TestSecret::movedFromIsEmpty()
{
    Secret first("short");
    Secret second(std::move(first));
    QVERIFY(first.isEmpty()); // NOLINT: that is what is tested
    QCOMPARE(second.reveal(), std::string("short"));
    Secret third;
    third = second;
    third = third.isEmpty() ? Secret() : std::move(second);
    QCOMPARE(third.reveal(), std::string("short"));
    QVERIFY(second.isEmpty()); // NOLINT
}

QTEST_APPLESS_MAIN(TestSecret)
#include "tst_secret.moc"
