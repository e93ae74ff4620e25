// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Compaction.h"
#include "core/history/HistoryMerge.h"
#include "core/history/HistoryRepair.h"
#include "core/history/Schema.h"
#include "tests/core/history/HistoryFixture.h"
#include "tests/support/FailingVfs.h"

#include <QFile>
#include <QtTest>

#include <sys/wait.h>
#include <unistd.h>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// A disk that is full, broken or gone with the process under repair, merge and compact: what they read is
/// never harmed, and what they make is there whole or not at all.
class ToolFaults : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();
    void harmsNothing_data();
    void harmsNothing();
    void neverOverWhatCameMeanwhile();
    void leavesAnothersWorkAlone();

private:
    [[nodiscard]] std::string at(const char* name) const { return m_dir->filePath(name).toStdString(); }
    [[nodiscard]] QByteArray bytes(const char* name) const;
    /// Without what SQLite's readers leave beside a history.
    [[nodiscard]] QStringList files() const;
    [[nodiscard]] Result<void> repair() const;
    [[nodiscard]] Result<void> merge() const;
    [[nodiscard]] Result<void> compact() const;
    [[nodiscard]] Result<void> run(const QString& tool) const;
    /// run() in a process of its own, which the disk takes with it. Whether it did.
    [[nodiscard]] bool crashes(const QString& tool) const;
    /// The messages that can be read; -1: something is damaged.
    [[nodiscard]] static int sound(const std::string& path);

    std::unique_ptr<HistoryFixture> m_a; ///< copied for each test
    std::unique_ptr<HistoryFixture> m_b;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<FailingVfs> m_disk;
};

namespace {

constexpr int kFlushes = 270; ///< more blocks than a tool writes at once
constexpr int kInA = 5 * kFlushes + 2;
constexpr int kInB = 600;

} // namespace

void ToolFaults::initTestCase()
{
    m_a = std::make_unique<HistoryFixture>();
    m_b = std::make_unique<HistoryFixture>();
    QCOMPARE(m_a->open(), std::string());
    for (int i = 0; i < kFlushes; ++i) {
        m_a->put(5);
        m_a->pass(250ms);
        QTRY_COMPARE(m_a->ledger->snapshot().inFlight(), 0U);
    }
    m_a->traffic->payloadSize = 100'000;
    m_a->put(2);
    QCOMPARE(m_a->close(), std::string());
    QCOMPARE(m_b->open(), std::string());
    m_b->put(kInB);
    QCOMPARE(m_b->close(), std::string());
}

void ToolFaults::cleanupTestCase()
{
    m_a.reset();
    m_b.reset();
}

void ToolFaults::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(QFile::copy(QString::fromStdString(m_a->path().string()), m_dir->filePath("a.db")));
    QVERIFY(QFile::copy(QString::fromStdString(m_b->path().string()), m_dir->filePath("b.db")));
    m_disk = std::make_unique<FailingVfs>();
}

void ToolFaults::cleanup()
{
    m_disk.reset();
    m_dir.reset();
}

QByteArray ToolFaults::bytes(const char* name) const
{
    QFile file(m_dir->filePath(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QStringList ToolFaults::files() const
{
    QStringList names;
    for (const QFileInfo& file : QDir(m_dir->path()).entryInfoList(QDir::Files)) {
        const bool readers =
            file.fileName().endsWith("-shm") || (file.fileName().endsWith("-wal") && file.size() == 0);
        if (!readers || file.fileName().contains("unfinished"))
            names.append(file.fileName());
    }
    return names;
}

Result<void> ToolFaults::repair() const
{
    auto from = openForReading(at("a.db"));
    if (!from)
        return from.error();
    auto to = HistoryBuilder::create(at("made.db"), m_a->clock.now());
    if (!to)
        return to.error();
    const auto done = HistoryRepair(*from, **to, [](const HistoryDamage&) {}, {}).run();
    return done ? Result<void>() : done.error();
}

Result<void> ToolFaults::merge() const
{
    auto a = MergeSource::open(at("a.db"));
    auto b = MergeSource::open(at("b.db"));
    if (!a || !b)
        return a ? b.error() : a.error();
    auto to = HistoryBuilder::create(at("made.db"), m_a->clock.now());
    if (!to)
        return to.error();
    const auto done = HistoryMerge(**a, **b, **to, [](const HistoryDamage&) {}, {}).run();
    return done ? Result<void>() : done.error();
}

Result<void> ToolFaults::compact() const
{
    const auto done = compactHistory(at("a.db"), m_a->clock.now(), [](std::uint64_t, std::uint64_t) {});
    return done ? Result<void>() : done.error();
}

Result<void> ToolFaults::run(const QString& tool) const
{
    return tool == "repair" ? repair() : tool == "merge" ? merge() : compact();
}

bool ToolFaults::crashes(const QString& tool) const
{
    const pid_t child = fork();
    if (child == 0)
        _exit(run(tool) ? 0 : 1);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == FailingVfs::kCrashed;
}

int ToolFaults::sound(const std::string& path)
{
    auto database = openForReading(path);
    if (!database)
        return -1;
    const auto done = HistoryCheck(*database, [](const HistoryDamage&) {}, {}).run();
    return done && done->damages == 0 ? static_cast<int>(done->messages) : -1;
}

void ToolFaults::harmsNothing_data()
{
    QTest::addColumn<QString>("tool");
    QTest::addColumn<int>("fault");
    using Fault = FailingVfs::Fault;
    for (const char* tool : {"repair", "merge", "compact"}) {
        QTest::addRow("%s, full", tool) << tool << static_cast<int>(Fault::DiskFull);
        QTest::addRow("%s, broken", tool) << tool << static_cast<int>(Fault::Broken);
        QTest::addRow("%s, short write", tool) << tool << static_cast<int>(Fault::ShortWrite);
        QTest::addRow("%s, crash", tool) << tool << static_cast<int>(Fault::Crash);
    }
}

void ToolFaults::harmsNothing()
{
    QFETCH(const QString, tool);
    QFETCH(const int, fault);
    const bool inPlace = tool == "compact";
    const bool crash = static_cast<FailingVfs::Fault>(fault) == FailingVfs::Fault::Crash;
    const QByteArray a = bytes("a.db");
    const QByteArray b = bytes("b.db");
    const int wanted = tool == "merge" ? kInA + kInB : kInA;
    int failed = 0;
    bool done = false;
    for (int room = 0; !done; room = room * 9 / 4 + 1500) {
        m_disk->failAfter(room, static_cast<FailingVfs::Fault>(fault));
        if (crash) {
            done = !crashes(tool);
        } else if (const auto ended = run(tool); ended) {
            done = true;
        } else {
            QVERIFY2(!ended.error().why.empty(), ended.error().line().c_str());
            QVERIFY2(ended.error().line().find(m_dir->path().toStdString()) != std::string::npos,
                     ended.error().line().c_str());
            QVERIFY2(ended.error().code == ErrorCode::DiskFull || ended.error().code == ErrorCode::Io,
                     ended.error().line().c_str());
        }
        m_disk->heal();
        failed += done ? 0 : 1;
        if (inPlace) {
            QCOMPARE(sound(at("a.db")), kInA);
            continue;
        }
        QCOMPARE(bytes("a.db"), a);
        QCOMPARE(bytes("b.db"), b);
        if (done)
            break;
        QVERIFY2(!QFile::exists(m_dir->filePath("made.db")), qPrintable(files().join(' ')));
        if (!crash)
            QCOMPARE(files(), QStringList({"a.db", "b.db"}));
    }
    QVERIFY2(failed > 5, qPrintable(QString::number(failed)));
    QCOMPARE(sound(inPlace ? at("a.db") : at("made.db")), wanted);
    QStringList left{"a.db", "b.db"};
    if (!inPlace)
        left.append("made.db");
    QCOMPARE(files(), left);
}

void ToolFaults::neverOverWhatCameMeanwhile()
{
    auto from = openForReading(at("a.db"));
    auto to = HistoryBuilder::create(at("made.db"), m_a->clock.now());
    QVERIFY(from && to);
    QFile other(m_dir->filePath("made.db"));
    QVERIFY(other.open(QIODevice::WriteOnly) && other.write("mine") == 4);
    other.close();
    const auto done = HistoryRepair(*from, **to, [](const HistoryDamage&) {}, {}).run();
    QVERIFY(!done);
    QVERIFY2(done.error().why.find("there already") != std::string::npos, done.error().line().c_str());
    to->reset();
    QCOMPARE(bytes("made.db"), QByteArray("mine"));
    QCOMPARE(files(), QStringList({"a.db", "b.db", "made.db"}));
}

void ToolFaults::leavesAnothersWorkAlone()
{
    auto first = HistoryBuilder::create(at("made.db"), m_a->clock.now());
    QVERIFY(first);
    const auto second = merge();
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::Busy);
    auto from = openForReading(at("a.db"));
    QVERIFY(HistoryRepair(*from, **first, [](const HistoryDamage&) {}, {}).run());
    first->reset();
    QCOMPARE(sound(at("made.db")), kInA);
}

QTEST_GUILESS_MAIN(ToolFaults)
#include "tst_toolfaults.moc"
