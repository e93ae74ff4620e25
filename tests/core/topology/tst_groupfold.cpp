// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/GroupFold.h"

#include <QStringList>
#include <QTest>

using namespace weir;

class TestGroupFold : public QObject
{
    Q_OBJECT
private slots:
    void folds_data()
    {
        QTest::addColumn<QStringList>("groups");
        QTest::addColumn<QStringList>("drawn"); ///< sorted, each once
        QTest::newRow("few stay") << QStringList{"a.x.1", "a.y.1", "a.z.1"}
                                  << QStringList{"a.x.1", "a.y.1", "a.z.1"};
        QTest::newRow("many fold") << QStringList{"a.w.l", "a.x.l", "a.y.l", "a.z.l"} << QStringList{"a.*.l"};
        QTest::newRow("with them what is rare") << QStringList{"a.w.l", "a.x.l", "a.y.l", "a.z.l", "a.z.rare"}
                                                << QStringList{"a.*.l", "a.*.rare"};
        QTest::newRow("twice") << QStringList{"a.w.1.z", "a.x.2.z", "a.y.3.z", "a.z.4.z"}
                               << QStringList{"a.*.*.z"};
        QTest::newRow("other fronts stay")
            << QStringList{"a.w", "a.x", "a.y", "a.z", "b.w"} << QStringList{"a.*", "b.w"};
        QTest::newRow("never the first token")
            << QStringList{"a", "b", "c", "d", "e"} << QStringList{"a", "b", "c", "d", "e"};
        QTest::newRow("the rest stays one")
            << QStringList{"a.>", "a.x", "a.y", "a.z"} << QStringList{"a.*", "a.>"};
        QTest::newRow("different lengths")
            << QStringList{"a.w", "a.x.l", "a.y", "a.z.l"} << QStringList{"a.*", "a.*.l"};
        QTest::newRow("empty tokens")
            << QStringList{"a..b", "a.x.b", "", "."} << QStringList{"", ".", "a..b", "a.x.b"};
    }

    void folds()
    {
        QFETCH(const QStringList, groups);
        QFETCH(const QStringList, drawn);
        std::vector<std::string> list;
        for (const QString& group : groups)
            list.push_back(group.toStdString());
        const auto folded = foldGroups(list, 3);
        QStringList seen;
        for (const std::string& group : list) {
            const auto into = folded.find(group);
            seen << QString::fromStdString(into == folded.end() ? group : into->second);
        }
        seen.removeDuplicates();
        seen.sort();
        QCOMPARE(seen, drawn);
    }
};

QTEST_GUILESS_MAIN(TestGroupFold)
#include "tst_groupfold.moc"
