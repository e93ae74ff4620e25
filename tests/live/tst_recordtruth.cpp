// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/Program.h"

#include <QFile>
#include <QHash>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace weir::test;

/// `weir record` on the lab against an independent subscriber (@nats-io/nats-core): the same messages, byte
/// for byte.
class TestRecordTruth : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void recordsWhatAnotherSubscriberReceives();
    void cleanupTestCase();

private:
    [[nodiscard]] QString labFile(const QString& name) const { return m_dir.filePath("lab/" + name); }
    QTemporaryDir m_dir;
};

namespace {

const QString kLab = QStringLiteral(WEIR_SOURCE_DIR "/tests/lab/lab");
const QString kSubscriber = QStringLiteral(WEIR_SOURCE_DIR "/tests/lab/record.mjs");
constexpr int kCount = 10'000;
constexpr int kExtra =
    4'000; ///< what the independent subscriber takes beyond, as it starts first and ends last

QList<QJsonObject> lines(const QByteArray& text)
{
    QList<QJsonObject> objects;
    for (const QByteArray& line : text.split('\n')) {
        if (!line.isEmpty())
            objects.append(QJsonDocument::fromJson(line).object());
    }
    return objects;
}

/// Everything of a message that both saw, as one comparable text. Redacted headers are taken out of both: the
/// recording must not hold the token, and says its SHA-256 instead.
QByteArray essence(const QJsonObject& message)
{
    QJsonObject headers = message["headers"].toObject();
    for (const QString& name : headers.keys()) {
        const QString value = headers[name].toArray().first().toString();
        if (name == "X-Identity-Token" || value.startsWith("<redacted sha256:"))
            headers.remove(name);
    }
    QByteArray payload = QByteArray::fromBase64(message["payload_base64"].toString().toLatin1());
    if (message.contains("payload"))
        payload = message["payload"].toString().toUtf8();
    return QJsonDocument(QJsonObject{{"subject", message["subject"]},
                                     {"reply", message["reply"].toString()},
                                     {"headers", headers},
                                     {"payload", QString::fromLatin1(payload.toHex())}})
        .toJson(QJsonDocument::Compact);
}

QString publisherOf(const QJsonObject& message)
{
    return message["headers"].toObject()["X-Edge-Worker"].toArray().first().toString();
}

} // namespace

void TestRecordTruth::initTestCase()
{
    Program up(kLab, {"up", "--dir", labFile(""), "--rate", "1500"});
    QVERIFY2(up.exitCode(120'000) == 0, up.errors().constData());
}

void TestRecordTruth::cleanupTestCase()
{
    Program down(kLab, {"down", "--dir", labFile("")});
    QCOMPARE(down.exitCode(), 0);
}

void TestRecordTruth::recordsWhatAnotherSubscriberReceives()
{
    const QString out = m_dir.filePath("independent.ndjson");
    Program independent("node",
                        {kSubscriber, "--lab-json", labFile("lab.json"), "--subject", "orders.>", "--count",
                         QString::number(kCount + kExtra), "--out", out, "--timeout", "110"});
    QVERIFY2(independent.says("ready"), independent.errors().constData());

    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("XDG_CONFIG_HOME", labFile("config"));
    const QString history = m_dir.filePath("h.db");
    Program record(WEIR_BINARY,
                   {"record", "--context", "lab", "--subject", "orders.>", "--count", QString::number(kCount),
                    "--duration", "100s", "--history", history, "--format", "json"},
                   environment);
    QVERIFY2(record.exitCode(110'000) == 0, record.errors().constData());
    const QJsonObject result = record.json();
    QCOMPARE(result["stored"].toInt(), kCount);
    QCOMPARE(result["received"].toInt(), kCount);
    QVERIFY2(independent.exitCode(110'000) == 0, independent.errors().constData());

    Program query(WEIR_BINARY, {"query", "--history", history, "--format", "ndjson"});
    QCOMPARE(query.exitCode(), 0);
    const QList<QJsonObject> recorded = lines(query.output());
    QCOMPARE(recorded.size(), kCount);

    // Each recorded message is one that the other received, and of each publisher none between its first and
    // last is missing.
    QFile file(out);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QHash<QByteArray, int> places;
    QHash<QString, QList<int>> ofPublisher;
    const QList<QJsonObject> received = lines(file.readAll());
    for (int i = 0; i < received.size(); ++i) {
        places.insert(essence(received[i]), i);
        ofPublisher[publisherOf(received[i])].append(i);
    }
    QCOMPARE(places.size(), received.size()); // each carries its own traceparent: no two are alike
    QHash<QString, QList<int>> matched;
    for (const QJsonObject& message : recorded) {
        const auto place = places.constFind(essence(message));
        QVERIFY2(place != places.constEnd(), QJsonDocument(message).toJson().constData());
        matched[publisherOf(message)].append(*place);
    }
    for (auto it = matched.cbegin(); it != matched.cend(); ++it) {
        const QList<int>& all = ofPublisher[it.key()];
        QCOMPARE(it.value(), all.mid(all.indexOf(it.value().first()), it.value().size()));
    }
}

QTEST_GUILESS_MAIN(TestRecordTruth)
#include "tst_recordtruth.moc"
