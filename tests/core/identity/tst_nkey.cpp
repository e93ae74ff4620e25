// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/identity/Nkey.h"

#include <QTest>

using namespace weir;

class TestNkey : public QObject
{
    Q_OBJECT
private slots:
    void comesBackAsItWent_data();
    void comesBackAsItWent();
    void theOfficialLibrarysKeys();
    void refuses_data();
    void refuses();
};

namespace {

std::string sample(Nkey::Kind kind)
{
    Nkey key;
    key.kind = kind;
    for (int i = 0; i < 32; ++i)
        key.publicKey.push_back(static_cast<char>(i * 7));
    return key.encode();
}

} // namespace

void TestNkey::comesBackAsItWent_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QChar>("letter");
    QTest::newRow("operator") << static_cast<int>(Nkey::Kind::Operator) << QChar('O');
    QTest::newRow("account") << static_cast<int>(Nkey::Kind::Account) << QChar('A');
    QTest::newRow("user") << static_cast<int>(Nkey::Kind::User) << QChar('U');
    QTest::newRow("server") << static_cast<int>(Nkey::Kind::Server) << QChar('N');
    QTest::newRow("cluster") << static_cast<int>(Nkey::Kind::Cluster) << QChar('C');
    QTest::newRow("curve") << static_cast<int>(Nkey::Kind::Curve) << QChar('X');
}

void TestNkey::comesBackAsItWent()
{
    QFETCH(int, kind);
    const std::string text = sample(static_cast<Nkey::Kind>(kind));
    QCOMPARE(text.size(), 56U);
    QTEST(QChar(text.front()), "letter");
    const auto key = Nkey::decode(text);
    QVERIFY(key);
    QVERIFY(key->encode() == text);
}

void TestNkey::theOfficialLibrarysKeys()
{
    // @nats-io/nkeys from npm: the raw seed 00 01 … 1f; RFC 8032's arithmetic gives the public key below.
    const std::string raw =
        QByteArray::fromHex("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8").toStdString();
    const auto account = Nkey::decode("AAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3QPZV");
    QVERIFY(account);
    QVERIFY(account->kind == Nkey::Kind::Account);
    QVERIFY(account->publicKey == raw);
    QVERIFY((Nkey{Nkey::Kind::User, raw}.encode()) ==
            "UAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3RLKK");
}

void TestNkey::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray good = QByteArray::fromStdString(sample(Nkey::Kind::User));
    QByteArray wrongSum = good;
    wrongSum[20] = wrongSum[20] == 'A' ? 'B' : 'A';
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("short") << good.left(55);
    QTest::newRow("long") << good + "A";
    QTest::newRow("one letter changed") << wrongSum;
    QTest::newRow("lower case") << good.toLower();
    QTest::newRow("seed prefix") << "S" + good.mid(1);
}

void TestNkey::refuses()
{
    QFETCH(QByteArray, text);
    QVERIFY(!Nkey::decode(text.toStdString()));
}

QTEST_GUILESS_MAIN(TestNkey)
#include "tst_nkey.moc"
