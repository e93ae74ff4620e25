// SPDX-License-Identifier: GPL-3.0-or-later
#include "ReadMessage.h"
#include "Tokens.h"

#include <QTest>

using namespace weir;
using test::Envelope;

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

std::vector<std::string> lines(const QStringList& list)
{
    std::vector<std::string> made;
    for (const QString& line : list)
        made.push_back(line.toStdString());
    return made;
}

constexpr const char* kTraceparent = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

} // namespace

class TestEnvelopeReader : public QObject
{
    Q_OBJECT
private slots:
    void copiesWhatTheBrokerSaid();
    void pop_data();
    void pop();
    void worker_data();
    void worker();
    void trace_data();
    void trace();
    void sent_data();
    void sent();
    void identity_data();
    void identity();
    void requestInfoIsVouchedOnlyWhereTheRulesSaySo();
    void subjectTokenAsPop();
    void verdictsCountFromTheNextMessageOn();
    void offersATokenOnceAndAgainWhenTheCheckerWasFull();
    void survivesRubbish_data();
    void survivesRubbish();
    void tenThousandHeaders();
    void memoryStaysBoundedWithManyTokens();
};

void TestEnvelopeReader::copiesWhatTheBrokerSaid()
{
    Envelope envelope;
    RawMessage raw;
    raw.time = fromUnixNanos(5);
    raw.stored = fromUnixNanos(3);
    raw.streamSeq = 7;
    raw.reply = "_INBOX.1";
    raw.payload = "hello";
    const Message message = envelope.read("", "orders.new", raw);
    QCOMPARE(message.time.time_since_epoch().count(), 5);
    QCOMPARE(message.stored.time_since_epoch().count(), 3);
    QCOMPARE(message.streamSeq, 7U);
    QCOMPARE(text(message.subjectName), "orders.new");
    QCOMPARE(text(envelope.names->subjects.name(message.subject)), "orders.new");
    QCOMPARE(text(message.reply), "_INBOX.1");
    QCOMPARE(text(message.payload), "hello");
    QCOMPARE(message.payloadSize, 5U);
    QCOMPARE(message.headerSize, 0U);
    QVERIFY(message.pop.isNone() && message.worker.isNone() && message.identity.isNone());
    QVERIFY(message.evidence == Evidence::Unknown);
    QVERIFY(message.sent == kNoTime);
    QVERIFY(envelope.read("", "orders.new").subject == message.subject);
}

void TestEnvelopeReader::pop_data()
{
    QTest::addColumn<QStringList>("headers");
    QTest::addColumn<QString>("expected");
    QTest::newRow("Cf-Ray") << QStringList{"Cf-Ray: 230b030023ae2822-SJC"} << "SJC";
    QTest::newRow("Cf-Ray without a PoP") << QStringList{"Cf-Ray: 230b030023ae2822"} << "";
    QTest::newRow("X-Edge-Pop") << QStringList{"X-Edge-Pop: lhr"} << "LHR";
    QTest::newRow("X-Akamai-Edge-Pop") << QStringList{"X-Akamai-Edge-Pop: 23.45.0.0/24"} << "";
    QTest::newRow("Akamai group") << QStringList{"X-Akamai-Edge-Pop: de-fra"} << "DE-FRA";
    QTest::newRow("first rule wins") << QStringList{"X-Edge-Pop: LHR", "Cf-Ray: 1-FRA"} << "FRA";
    QTest::newRow("bad value, next rule") << QStringList{"Cf-Ray: 1-(", "X-Edge-Pop: LHR"} << "LHR";
    QTest::newRow("first of two values") << QStringList{"X-Edge-Pop: LHR", "X-Edge-Pop: FRA"} << "LHR";
    QTest::newRow("any case") << QStringList{"x-EDGE-pop: LHR"} << "LHR";
    QTest::newRow("no space") << QStringList{"X-Edge-Pop:LHR"} << "LHR";
    QTest::newRow("many spaces") << QStringList{"X-Edge-Pop:  \t LHR \t"} << "LHR";
    QTest::newRow("space before the colon") << QStringList{"X-Edge-Pop : LHR"} << "LHR";
    QTest::newRow("longer name") << QStringList{"X-Edge-Pops: LHR"} << "";
    QTest::newRow("empty value") << QStringList{"X-Edge-Pop:"} << "";
}

void TestEnvelopeReader::pop()
{
    QFETCH(QStringList, headers);
    QFETCH(QString, expected);
    Envelope envelope;
    const Message message = envelope.readLines(lines(headers));
    QCOMPARE(text(message.popName), expected);
    QCOMPARE(text(envelope.names->pops.name(message.pop)), expected);
    QCOMPARE(envelope.arenaBytes, 0U);
}

void TestEnvelopeReader::worker_data()
{
    QTest::addColumn<QStringList>("headers");
    QTest::addColumn<QString>("expected");
    QTest::newRow("X-Edge-Worker") << QStringList{"X-Edge-Worker: checkout"} << "checkout";
    QTest::newRow("CloudEvents") << QStringList{"ce-source: /workers/caf%C3%A9"} << "/workers/café";
    QTest::newRow("first rule wins") << QStringList{"Ce-Source: b", "X-Edge-Worker: a"} << "a";
    QTest::newRow("none") << QStringList{"X: 1"} << "";
}

void TestEnvelopeReader::worker()
{
    QFETCH(QStringList, headers);
    QFETCH(QString, expected);
    Envelope envelope;
    const Message message = envelope.readLines(lines(headers));
    QCOMPARE(text(message.workerName), expected);
    QCOMPARE(text(envelope.names->workers.name(message.worker)), expected);
}

void TestEnvelopeReader::trace_data()
{
    QTest::addColumn<QStringList>("headers");
    QTest::addColumn<QString>("expected");
    QTest::newRow("traceparent") << QStringList{"X-Request-Id: r", kTraceparent}
                                 << "4bf92f3577b34da6a3ce929d0e0e4736";
    QTest::newRow("broken traceparent") << QStringList{"traceparent: 00-0-0-01", "X-Request-Id: r"} << "r";
    QTest::newRow("Cf-Ray") << QStringList{"Cf-Ray: 230b030023ae2822-SJC"} << "230b030023ae2822-SJC";
    QTest::newRow("Ce-Id") << QStringList{"Ce-Id: A-1"} << "A-1";
    QTest::newRow("too long") << QStringList{"X-Request-Id: " + QString(129, 'x')} << "";
}

void TestEnvelopeReader::trace()
{
    QFETCH(QStringList, headers);
    Envelope envelope;
    QTEST(text(envelope.readLines(lines(headers)).trace), "expected");
}

void TestEnvelopeReader::sent_data()
{
    QTest::addColumn<QStringList>("headers");
    QTest::addColumn<qint64>("nanos");
    QTest::newRow("ms") << QStringList{"X-Edge-Sent-At: 1767323045678"} << 1767323045678000000LL;
    QTest::newRow("CloudEvents") << QStringList{"ce-time: 2026-01-02T03:04:05Z"} << 1767323045000000000LL;
    QTest::newRow("rubbish, next rule")
        << QStringList{"X-Edge-Sent-At: soon", "Ce-Time: 2026-01-02T03:04:05Z"} << 1767323045000000000LL;
    QTest::newRow("none") << QStringList{} << static_cast<qint64>(toUnixNanos(kNoTime));
}

void TestEnvelopeReader::sent()
{
    QFETCH(QStringList, headers);
    Envelope envelope;
    QTEST(static_cast<qint64>(toUnixNanos(envelope.readLines(lines(headers)).sent)), "nanos");
}

void TestEnvelopeReader::identity_data()
{
    QTest::addColumn<QStringList>("headers");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("proof");
    const QString token = QString::fromStdString(test::unsignedToken(R"({"sub":"svc-1","iss":"https://i"})"));
    const QString info = R"({"acc":"EDGE","rtt":1,"user":"UABC","server":"n1"})";
    const QString unchecked = "not verified";
    QTest::newRow("Authorization") << QStringList{"Authorization: Bearer " + token} << "svc-1" << unchecked;
    QTest::newRow("bearer in any case")
        << QStringList{"authorization: bearer  " + token} << "svc-1" << unchecked;
    QTest::newRow("X-Identity-Token") << QStringList{"X-Identity-Token: " + token} << "svc-1" << unchecked;
    QTest::newRow("Access") << QStringList{"Cf-Access-Jwt-Assertion: " + token} << "svc-1" << unchecked;
    QTest::newRow("request info") << QStringList{"Nats-Request-Info: " + info} << "UABC"
                                  << "any publisher";
    QTest::newRow("request info, not shared")
        << QStringList{R"(Nats-Request-Info: {"acc":"EDGE","rtt":1})"} << "EDGE"
        << "any publisher";
    QTest::newRow("request info, not JSON") << QStringList{"Nats-Request-Info: {"} << ""
                                            << "";
    QTest::newRow("edge identity") << QStringList{"X-Edge-Identity: shop"} << "shop"
                                   << "unsigned: X-Edge-Identity";
    QTest::newRow("control characters in sub")
        << QStringList{"X-Identity-Token: " +
                       QString::fromStdString(test::unsignedToken(R"({"sub":"a\nb\u001b[31m"})"))}
        << "a?b?[31m" << unchecked;
    QTest::newRow("token wins") << QStringList{"X-Edge-Identity: shop", "X-Identity-Token: " + token}
                                << "svc-1" << unchecked;
    QTest::newRow("opaque bearer, next rule")
        << QStringList{"Authorization: Bearer 0123456789", "X-Edge-Identity: shop"} << "shop"
        << "unsigned";
    QTest::newRow("basic, next rule")
        << QStringList{"Authorization: Basic dTpw", "X-Edge-Identity: shop"} << "shop"
        << "unsigned";
    QTest::newRow("broken JWT, next rule")
        << QStringList{"X-Identity-Token: eyJhbGciOiJ9.e30.AA", "X-Edge-Identity: shop"} << "shop"
        << "unsigned";
}

void TestEnvelopeReader::identity()
{
    QFETCH(QStringList, headers);
    QFETCH(QString, name);
    QFETCH(QString, proof);
    Envelope envelope;
    const Message message = envelope.readLines(lines(headers));
    const Identity identity = envelope.names->identities.at(message.identity);
    QCOMPARE(QString::fromStdString(identity.name), name);
    QVERIFY(message.evidence == (name.isEmpty() ? Evidence::Unknown : Evidence::Claimed));
    QVERIFY2(QString::fromStdString(identity.proof).startsWith(proof) ||
                 QString::fromStdString(identity.proof).contains(proof),
             identity.proof.c_str());
    QVERIFY(envelope.readLines(lines(headers)).identity == message.identity);
}

void TestEnvelopeReader::requestInfoIsVouchedOnlyWhereTheRulesSaySo()
{
    auto rules =
        EnvelopeRules::parse(R"({"identity":[{"request_info":"Nats-Request-Info","vouched_on":"svc.>"}]})",
                             "t", EnvelopeRules::defaults());
    QVERIFY(rules);
    Envelope envelope(*rules);
    const std::string info = R"({"acc":"EDGE","user":"UABC","server":"n1"})";
    const std::string header = "Nats-Request-Info: " + info;
    QVERIFY(envelope.readLines({header}, "svc.pay").evidence == Evidence::Vouched);
    QVERIFY(envelope.readLines({header}, "orders.new").evidence == Evidence::Claimed);
    // A publisher who writes it twice keeps his second one beside the server's.
    QVERIFY(envelope.readLines({header, header}, "svc.pay").evidence == Evidence::Claimed);
    // The server replaces only its own spelling.
    QVERIFY(envelope.readLines({"nats-request-info: " + info}, "svc.pay").evidence == Evidence::Claimed);
    // A block that ends without CRLF swallows the server's line.
    QVERIFY(envelope.readLines({header, "X: " + header}, "svc.pay").evidence == Evidence::Claimed);
    // A stream takes the server's header out before it stores.
    RawMessage stored;
    stored.streamSeq = 1;
    QVERIFY(envelope.read("NATS/1.0\r\n" + header + "\r\n\r\n", "svc.pay", stored).evidence ==
            Evidence::Claimed);
}

void TestEnvelopeReader::subjectTokenAsPop()
{
    const auto rules = EnvelopeRules::parse(R"({"pop":[{"subject_token":1,"of":"edge.*.>"}]})", "t",
                                            EnvelopeRules::defaults());
    QVERIFY(rules);
    Envelope envelope(*rules);
    QCOMPARE(text(envelope.readLines({}, "edge.fra.orders").popName), "FRA");
    QCOMPARE(text(envelope.read("", "edge.fra.orders").popName), "FRA");
    QCOMPARE(text(envelope.readLines({}, "core.fra.orders").popName), "");
}

void TestEnvelopeReader::verdictsCountFromTheNextMessageOn()
{
    Envelope envelope;
    const std::string header =
        "X-Identity-Token: " + test::unsignedToken(R"({"sub":"a","nbf":1767323000,"exp":1767323100})");
    const Message first = envelope.readLines({header});
    QVERIFY(first.evidence == Evidence::Claimed);
    envelope.names->identities.giveVerdict(first.identity, Evidence::Verified, "ES256");
    QVERIFY(envelope.readLines({header}).evidence == Evidence::Verified);
    RawMessage late;
    late.time = fromUnixNanos(1'767'323'100'000'000'000);
    QVERIFY(envelope.read("NATS/1.0\r\n" + header + "\r\n\r\n", "s", late).evidence == Evidence::Claimed);
}

void TestEnvelopeReader::offersATokenOnceAndAgainWhenTheCheckerWasFull()
{
    std::vector<std::string> offered;
    bool room = false;
    Envelope envelope(EnvelopeRules::defaults(), [&](IdentityId, std::string token) {
        offered.push_back(std::move(token));
        return room;
    });
    const std::string token = test::unsignedToken(R"({"sub":"a"})");
    const std::string block = "NATS/1.0\r\nX-Identity-Token: " + token + "\r\n\r\n";
    RawMessage raw;
    raw.time = fromUnixNanos(1'767'323'100'000'000'000);
    (void)envelope.read(block, "s", raw);
    (void)envelope.read(block, "s", raw);
    QCOMPARE(offered.size(), 1U);
    room = true;
    raw.time += std::chrono::seconds(1);
    (void)envelope.read(block, "s", raw);
    QCOMPARE(offered.size(), 2U);
    raw.time += std::chrono::seconds(10);
    (void)envelope.read(block, "s", raw);
    QCOMPARE(offered.size(), 2U);
    QVERIFY(offered.back() == token);
}

void TestEnvelopeReader::survivesRubbish_data()
{
    QTest::addColumn<QByteArray>("block");
    QTest::addColumn<QString>("pop");
    QTest::newRow("no CRLF at all") << QByteArray("NATS/1.0") << "";
    QTest::newRow("no end") << QByteArray("NATS/1.0\r\nX-Edge-Pop: FRA") << "FRA";
    QTest::newRow("bare LF") << QByteArray("NATS/1.0\nX-Edge-Pop: FRA\n\n") << "FRA";
    QTest::newRow("status line") << QByteArray("NATS/1.0 503 No\r\nX-Edge-Pop: FRA\r\n\r\n") << "FRA";
    QTest::newRow("no version") << QByteArray("X-Edge-Pop: FRA\r\n\r\n") << "FRA";
    QTest::newRow("colonless lines") << QByteArray("NATS/1.0\r\nabc\r\n\r\nX-Edge-Pop: FRA\r\n") << "FRA";
    QTest::newRow("only colons") << QByteArray("NATS/1.0\r\n:::\r\n:\r\n") << "";
    QTest::newRow("NUL bytes") << QByteArray("NATS/1.0\r\n\0\0:\0\r\nX-Edge-Pop: FRA\r\n", 33) << "FRA";
    QTest::newRow("long name") << "NATS/1.0\r\n" + QByteArray(100'000, 'x') + ": 1\r\nX-Edge-Pop: FRA\r\n"
                               << "FRA";
    QByteArray rubbish;
    for (int i = 0; i < 4096; ++i)
        rubbish.append(static_cast<char>(i * 167 % 256));
    QTest::newRow("every byte") << rubbish << "";
    QTest::newRow("only CRs") << QByteArray(1000, '\r') << "";
    QTest::newRow("only LFs") << QByteArray(1000, '\n') << "";
}

void TestEnvelopeReader::survivesRubbish()
{
    QFETCH(QByteArray, block);
    QFETCH(QString, pop);
    Envelope envelope;
    const Message message = envelope.read(block.toStdString());
    QCOMPARE(text(message.popName), pop);
    QCOMPARE(message.headers.size(), static_cast<std::size_t>(block.size()));
    QCOMPARE(QByteArray(message.headers.data(), static_cast<qsizetype>(message.headers.size())), block);
}

void TestEnvelopeReader::tenThousandHeaders()
{
    Envelope envelope;
    std::vector<std::string> many;
    for (int i = 0; i < 10'000; ++i)
        many.push_back("X-Filler-" + std::to_string(i) + ": eyJ" + std::to_string(i) + ".e30.AA");
    many.emplace_back("X-Edge-Pop: FRA");
    const Message message = envelope.readLines(many);
    QCOMPARE(text(message.popName), "FRA");
    QVERIFY(message.headers.find("eyJ") == std::string_view::npos);
}

void TestEnvelopeReader::memoryStaysBoundedWithManyTokens()
{
    Envelope envelope;
    std::string block;
    RawMessage raw;
    std::vector<char> room(4096);
    Message message;
    EnvelopeReader reader(EnvelopeRules::defaults(), envelope.names, {});
    for (std::uint32_t i = 0; i < 66'000; ++i) {
        block = "NATS/1.0\r\nX-Identity-Token: " +
                test::unsignedToken(R"({"sub":"same","jti":")" + std::to_string(i) + "\"}") + "\r\n\r\n";
        raw.headers = block;
        reader.read(raw, message, [&room](std::size_t) { return room.data(); });
    }
    QCOMPARE(envelope.names->identities.size(), 64U * 1024 + 1);
    const Identity rest = envelope.names->identities.at(message.identity);
    QVERIFY(rest.name == "same");
    QVERIFY(rest.tokenSha256.empty());
    QVERIFY(QString::fromStdString(rest.proof).contains("stands for all later ones"));
}

QTEST_GUILESS_MAIN(TestEnvelopeReader)
#include "tst_envelopereader.moc"
