// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/SubjectPattern.h"

#include <QTest>

using namespace weir;

class TestSubjectPattern : public QObject
{
    Q_OBJECT

private slots:
    void covers_data()
    {
        QTest::addColumn<QString>("wide");
        QTest::addColumn<QString>("narrow");
        QTest::addColumn<bool>("covers");
        QTest::newRow("same") << "a.b"
                              << "a.b" << true;
        QTest::newRow("other") << "a.b"
                               << "a.c" << false;
        QTest::newRow("star over token") << "a.*"
                                         << "a.b" << true;
        QTest::newRow("star over star") << "a.*"
                                        << "a.*" << true;
        QTest::newRow("token over star") << "a.b"
                                         << "a.*" << false;
        QTest::newRow("star is one token") << "a.*"
                                           << "a.b.c" << false;
        QTest::newRow("star is not the tail") << "a.*"
                                              << "a.>" << false;
        QTest::newRow("tail") << "a.>"
                              << "a.b.c" << true;
        QTest::newRow("tail over tail") << "a.>"
                                        << "a.b.>" << true;
        QTest::newRow("tail needs a token") << "a.>"
                                            << "a" << false;
        QTest::newRow("everything") << ">"
                                    << "a.*" << true;
        QTest::newRow("narrow tail over wide") << "a.b.>"
                                               << "a.>" << false;
        QTest::newRow("shorter") << "a.b.c"
                                 << "a.b" << false;
    }

    void covers()
    {
        QFETCH(QString, wide);
        QFETCH(QString, narrow);
        QFETCH(bool, covers);
        QCOMPARE(patternCovers(wide.toStdString(), narrow.toStdString()), covers);
    }

    void meets_data()
    {
        QTest::addColumn<QString>("a");
        QTest::addColumn<QString>("b");
        QTest::addColumn<QString>("both"); // "-": none
        QTest::newRow("same") << "a.b"
                              << "a.b"
                              << "a.b";
        QTest::newRow("wide and narrow") << "a.>"
                                         << "a.b.c"
                                         << "a.b.c";
        QTest::newRow("crossing") << "a.*.c"
                                  << "*.b.>"
                                  << "a.b.c";
        QTest::newRow("two tails") << "a.>"
                                   << "*.b.>"
                                   << "a.b.>";
        QTest::newRow("all") << ">"
                             << "a.*"
                             << "a.*";
        QTest::newRow("other token") << "a.b"
                                     << "a.c"
                                     << "-";
        QTest::newRow("tail wants one") << "a.>"
                                        << "a"
                                        << "-";
        QTest::newRow("longer") << "a.*"
                                << "a.b.c"
                                << "-";
    }

    void meets()
    {
        QFETCH(QString, a);
        QFETCH(QString, b);
        QFETCH(QString, both);
        for (const auto& [one, other] : {std::pair(a, b), std::pair(b, a)}) {
            const auto found = patternsMeeting(one.toStdString(), other.toStdString());
            QCOMPARE(QString::fromStdString(found.value_or("-")), both);
            QCOMPARE(patternsMeet(one.toStdString(), other.toStdString()), found.has_value());
        }
    }

    void leavesOutWhatIsCovered()
    {
        const auto kept = withoutCovered({"a.b", "c", "a.>", "c", "d.*", "d.x"});
        QVERIFY(kept);
        QVERIFY(*kept == std::vector<std::string>({"c", "a.>", "d.*"}));
    }

    void refusesWhatIsNoSubject_data()
    {
        QTest::addColumn<QString>("subject");
        for (const char* subject : {"", "a..b", ".a", "a.", "a b", "a.>.b", ">.a", "a\r\nPUB x 0"})
            QTest::newRow(subject) << subject;
    }

    void refusesWhatIsNoSubject()
    {
        QFETCH(QString, subject);
        const auto kept = withoutCovered({"fine", subject.toStdString()});
        QVERIFY(!kept);
        QCOMPARE(int(kept.error().code), int(ErrorCode::Usage));
    }
};

QTEST_GUILESS_MAIN(TestSubjectPattern)
#include "tst_SubjectPattern.moc"
