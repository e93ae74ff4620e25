// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/WholeFile.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace weir;

namespace {

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// As long as it lives, no file of this process grows beyond a few bytes: a disk that is full.
class SmallFiles
{
public:
    SmallFiles()
    {
        getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit small{512, m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
        m_signal = std::signal(SIGXFSZ, SIG_IGN);
    }
    ~SmallFiles()
    {
        setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_signal);
    }
    SmallFiles(const SmallFiles&) = delete;
    SmallFiles& operator=(const SmallFiles&) = delete;

private:
    rlimit m_before{};
    void (*m_signal)(int) = SIG_DFL;
};

} // namespace

class TestWholeFile : public QObject
{
    Q_OBJECT
private slots:
    void writes();
    void keepsWhatWasThereWhenTheDiskIsFull_data();
    void keepsWhatWasThereWhenTheDiskIsFull();
    void leavesDevicesAlone();
    void saysWhy();

private:
    QTemporaryDir m_dir;
};

void TestWholeFile::writes()
{
    const QString path = m_dir.filePath("a");
    QVERIFY(writeWholeFile(path, "one", FileFor::Owner));
    QCOMPARE(bytesOf(path), QByteArray("one"));
    QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    QVERIFY(writeWholeFile(path, "", FileFor::Everybody));
    QCOMPARE(bytesOf(path), QByteArray());
    QCOMPARE(QDir(m_dir.path()).entryList(QDir::Files | QDir::Hidden), QStringList{"a"});
}

void TestWholeFile::keepsWhatWasThereWhenTheDiskIsFull_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("less than a buffer") << 4000;
    QTest::newRow("many buffers") << 1'000'000;
}

void TestWholeFile::keepsWhatWasThereWhenTheDiskIsFull()
{
    QFETCH(int, size);
    const QString path = m_dir.filePath("full");
    QVERIFY(writeWholeFile(path, "before", FileFor::Everybody));
    Result<void> written;
    {
        const SmallFiles small;
        written = writeWholeFile(path, QByteArray(size, 'x'), FileFor::Everybody);
    }
    QVERIFY(!written);
    QVERIFY2(written.error().line().starts_with("saving " + path.toStdString() + " failed: "),
             written.error().line().c_str());
    QCOMPARE(bytesOf(path), QByteArray("before"));
    QVERIFY(QFile::remove(path));
    QVERIFY(!QDir(m_dir.path()).entryList(QDir::Files | QDir::Hidden).join(' ').contains("full"));
}

void TestWholeFile::leavesDevicesAlone()
{
    const QString path = m_dir.filePath("pipe");
    QCOMPARE(mkfifo(qPrintable(path), 0600), 0);
    const Result<void> written = writeWholeFile(path, "x", FileFor::Everybody);
    QVERIFY(!written);
    QCOMPARE(written.error().why, std::string("it is there already, and no file"));
    struct stat status
    {
    };
    QCOMPARE(stat(qPrintable(path), &status), 0);
    QVERIFY(S_ISFIFO(status.st_mode));
}

void TestWholeFile::saysWhy()
{
    const Result<void> folder = writeWholeFile(m_dir.path(), "x", FileFor::Everybody);
    QVERIFY(!folder);
    const Result<void> nowhere = writeWholeFile(m_dir.filePath("no/where"), "x", FileFor::Everybody);
    QVERIFY(!nowhere && !nowhere.error().why.empty());
}

QTEST_GUILESS_MAIN(TestWholeFile)
#include "tst_wholefile.moc"
