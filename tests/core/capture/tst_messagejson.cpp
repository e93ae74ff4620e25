// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/MessageJson.h"
#include "core/envelope/Names.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace weir;

class TestMessageJson : public QObject
{
    Q_OBJECT
private slots:
    void writesEveryContractField();
    void unknownFactsAreNull();
    void repeatedHeadersAreOneList();
    void tenThousandHeaders();
    void binaryIsGivenWhole();
    void controlCharactersAreEscaped();

private:
    QJsonObject json(const Message& message)
    {
        std::string text;
        appendMessageJson(text, message, m_names);
        QJsonParseError error{};
        const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(text), &error);
        if (error.error != QJsonParseError::NoError)
            qFatal("not JSON: %s\n%s", qPrintable(error.errorString()), text.c_str());
        return document.object();
    }
    Names m_names;
};

void TestMessageJson::writesEveryContractField()
{
    Identity identity;
    identity.name = "worker:checkout@lab";
    Message message;
    message.seq = 42;
    message.time = fromUnixNanos(1'767'323'045'000'123'456);
    message.sent = message.time - std::chrono::microseconds(1500);
    message.subjectName = "orders.eu.created";
    message.reply = "_INBOX.1";
    message.popName = "FRA";
    message.workerName = "checkout";
    message.identity = m_names.identities.intern(identity);
    message.evidence = Evidence::Verified;
    message.trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    message.headers = "NATS/1.0\r\nCf-Ray: 1-FRA\r\n\r\n";
    message.headerSize = 26;
    message.payload = "{\"a\":1}";
    message.payloadSize = 7;
    const QJsonObject object = json(message);
    QCOMPARE(object["time"].toString(), "2026-01-02T03:04:05.000123456Z");
    QCOMPARE(object["seq"].toInt(), 42);
    QCOMPARE(object["subject"].toString(), "orders.eu.created");
    QCOMPARE(object["reply"].toString(), "_INBOX.1");
    QCOMPARE(object["pop"].toString(), "FRA");
    QCOMPARE(object["worker"].toString(), "checkout");
    QCOMPARE(object["identity"].toString(), "worker:checkout@lab");
    QCOMPARE(object["evidence"].toString(), "verified");
    QCOMPARE(object["trace"].toString(), "4bf92f3577b34da6a3ce929d0e0e4736");
    QCOMPARE(object["latency_us"].toInt(), 1500);
    QCOMPARE(object["size"].toInt(), 33);
    QCOMPARE(object["headers"].toObject()["Cf-Ray"].toArray().at(0).toString(), "1-FRA");
    QCOMPARE(object["payload"].toString(), "{\"a\":1}");
}

void TestMessageJson::unknownFactsAreNull()
{
    Message message;
    message.subjectName = "s";
    const QJsonObject object = json(message);
    for (const char* field : {"reply", "pop", "worker", "identity", "trace", "latency_us"})
        QVERIFY2(object[field].isNull(), field);
    QCOMPARE(object["evidence"].toString(), "unknown");
}

void TestMessageJson::repeatedHeadersAreOneList()
{
    Message message;
    message.headers = "NATS/1.0\r\nA: 1\r\nB:\r\nA:  two words \r\na: lower\r\n\r\n";
    const QJsonObject headers = json(message)["headers"].toObject();
    QCOMPARE(headers["A"].toArray(), (QJsonArray{"1", "two words"}));
    QCOMPARE(headers["B"].toArray(), QJsonArray{""});
    QCOMPARE(headers["a"].toArray(), QJsonArray{"lower"});
    // The lists tell neither that B stood between nor how many spaces there were.
    QCOMPARE(QByteArray::fromBase64(json(message)["headers_base64"].toString().toLatin1()),
             QByteArray(message.headers.data(), static_cast<qsizetype>(message.headers.size())));
    message.headers = "NATS/1.0\r\nA: 1\r\nA: two words\r\nB: \r\na: lower\r\n\r\n";
    QVERIFY(!json(message).contains("headers_base64"));
}

void TestMessageJson::tenThousandHeaders()
{
    std::string block = "NATS/1.0\r\n";
    for (int i = 0; i < 10'000; ++i)
        block += "H" + std::to_string(i % 5'000) + ": " + std::to_string(i) + "\r\n";
    block += "\r\n";
    Message message;
    message.headers = block;
    const QJsonObject headers = json(message)["headers"].toObject();
    QCOMPARE(headers.size(), 5'000);
    QCOMPARE(headers["H7"].toArray(), (QJsonArray{"7", "5007"}));
}

void TestMessageJson::binaryIsGivenWhole()
{
    Message message;
    const std::string headers("NATS/1.0\r\nno colon here\r\nX: \xff\r\n\r\n");
    const std::string payload("\x00\xff\x80", 3);
    message.headers = headers;
    message.payload = payload;
    message.subjectName = "bad.\xff";
    const QJsonObject object = json(message);
    QCOMPARE(QByteArray::fromBase64(object["headers_base64"].toString().toLatin1()),
             QByteArray::fromStdString(headers));
    QCOMPARE(QByteArray::fromBase64(object["payload_base64"].toString().toLatin1()),
             QByteArray::fromStdString(payload));
    QCOMPARE(QByteArray::fromBase64(object["subject_base64"].toString().toLatin1()), QByteArray("bad.\xff"));
    QCOMPARE(object["subject"].toString(), QString::fromUtf8("bad.\xEF\xBF\xBD"));
    QVERIFY(!object.contains("payload"));
}

void TestMessageJson::controlCharactersAreEscaped()
{
    Message message;
    message.payload = std::string_view("\x01\"\\\n\x1f", 5);
    QCOMPARE(json(message)["payload"].toString(), QString::fromLatin1("\x01\"\\\n\x1f", 5));
}

QTEST_APPLESS_MAIN(TestMessageJson)
#include "tst_messagejson.moc"
