// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

/// Holds the rules that the design states and a compiler does not: who may include whom, and what every file
/// begins with.
class TestArchitecture : public QObject
{
    Q_OBJECT
private slots:
    void coreIncludesNoWindow();
    void uiKnowsNothingOfApp();
    void chartsAreTouchedByOneFolder();
    void everySourceFileStatesItsLicence();
    void theTopLevelHoldsNothingElse();
    void noFolderOfOddments();

private:
    /// (file, included path) of every include under `folder`.
    static QList<QPair<QString, QString>> includes(const QString& folder)
    {
        static const QRegularExpression line("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]",
                                             QRegularExpression::MultilineOption);
        QList<QPair<QString, QString>> found;
        for (const QString& path : sources(folder)) {
            auto matches = line.globalMatch(text(path));
            while (matches.hasNext())
                found.append({path, matches.next().captured(1)});
        }
        return found;
    }
    static QStringList sources(const QString& folder)
    {
        QStringList files;
        QDirIterator walk(root() + "/" + folder, {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
        while (walk.hasNext())
            files.append(walk.next());
        return files;
    }
    static QString text(const QString& path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }
    static QString root() { return WEIR_SOURCE_DIR; }
};

void TestArchitecture::coreIncludesNoWindow()
{
    static const QRegularExpression window(
        "^(ui/|app/|QtWidgets|QtGui|QtCharts|QWidget|QApplication|QPainter|QIcon|QColor)");
    const auto all = includes("core");
    QVERIFY(all.size() > 50);
    for (const auto& [file, included] : all)
        QVERIFY2(!window.match(included).hasMatch(), qPrintable(file + " includes " + included));
}

void TestArchitecture::uiKnowsNothingOfApp()
{
    for (const auto& [file, included] : includes("ui"))
        QVERIFY2(!included.startsWith("app/"), qPrintable(file + " includes " + included));
}

void TestArchitecture::chartsAreTouchedByOneFolder()
{
    static const QRegularExpression chart(
        "^(QtCharts|QChart|QLineSeries|QValueAxis|QLogValueAxis|QDateTimeAxis)");
    QSet<QString> folders;
    for (const char* top : {"core", "ui", "app"}) {
        for (const auto& [file, included] : includes(top)) {
            if (chart.match(included).hasMatch())
                folders.insert(QFileInfo(file).path());
        }
    }
    QVERIFY2(folders.size() <= 1, qPrintable(folders.values().join(", ")));
}

void TestArchitecture::everySourceFileStatesItsLicence()
{
    for (const char* top : {"core", "ui", "app", "tests"}) {
        for (const QString& path : sources(top)) {
            if (!path.contains("/node_modules/"))
                QVERIFY2(text(path).startsWith("// SPDX-License-Identifier: GPL-3.0-or-later\n"),
                         qPrintable(path));
        }
    }
}

void TestArchitecture::theTopLevelHoldsNothingElse()
{
    const QSet<QString> allowed{
        "CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE", "app", "core", "ui", "resources",
        "tests",          "packaging",         "build"};
    for (const QString& entry : QDir(root()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot))
        QVERIFY2(allowed.contains(entry), qPrintable(entry));
}

void TestArchitecture::noFolderOfOddments()
{
    QDirIterator walk(root(), QDir::Dirs | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        const QString path = walk.next().mid(root().size() + 1);
        if (path.startsWith("build") || path.contains("node_modules"))
            continue;
        for (const QString& part : path.split('/'))
            QVERIFY2(!QSet<QString>({"utils", "util", "common", "helpers", "misc"}).contains(part),
                     qPrintable(path));
    }
}

QTEST_APPLESS_MAIN(TestArchitecture)
#include "tst_architecture.moc"
