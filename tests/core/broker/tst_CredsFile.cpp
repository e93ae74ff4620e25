// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/CredsFile.h"
#include "tests/support/ManualClock.h"
#include "tests/support/NatsUser.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace weir;
using namespace weir::test;

class TestCredsFile : public QObject
{
    Q_OBJECT

private:
    QString put(const QByteArray& bytes, QFileDevice::Permissions mode = QFile::ReadOwner | QFile::WriteOwner)
    {
        const QString path = m_dir.filePath(QString::number(++m_count) + ".creds");
        QFile file(path);
        [&] { QVERIFY(file.open(QIODevice::WriteOnly)); }();
        file.write(bytes);
        file.setPermissions(mode);
        return path;
    }
    Result<CredsFile> read(const QString& path) { return CredsFile::read(path.toStdString(), m_clock.now()); }

    QTemporaryDir m_dir;
    ManualClock m_clock;
    TestNkey m_account{'A'};
    TestNkey m_user{'U'};
    int m_count = 0;

private slots:
    void readsClaims()
    {
        const qint64 later = toUnixNanos(m_clock.now()) / 1'000'000'000 + 3600;
        const QByteArray jwt =
            makeJwt(m_user.publicKey(), "edge", R"("issuer_account":"AXYZ","type":"user")", m_account, later);
        const auto creds = read(put(makeCreds(jwt, m_user.seed())));
        QVERIFY2(creds, creds ? "" : creds.error().line().c_str());
        QCOMPARE(QByteArray::fromStdString(creds->claims().publicKey), m_user.publicKey());
        QCOMPARE(QByteArray::fromStdString(creds->claims().name), QByteArray("edge"));
        QCOMPARE(QByteArray::fromStdString(creds->claims().account), QByteArray("AXYZ"));
        QCOMPARE(QByteArray::fromStdString(creds->claims().issuer), m_account.publicKey());
        QCOMPARE(toUnixNanos(creds->claims().expires) / 1'000'000'000, later);
        QVERIFY(creds->warnings().empty());
        QVERIFY(QByteArray::fromStdString(creds->jwt().reveal()) == jwt);
        QVERIFY(QByteArray::fromStdString(creds->seed().reveal()) == m_user.seed());
    }

    void readsWindowsLineEnds()
    {
        const QByteArray jwt = makeJwt(m_user.publicKey(), "edge", R"("type":"user")", m_account);
        QVERIFY(read(put(makeCreds(jwt, m_user.seed()).replace("\n", "\r\n"))));
    }

    void warnsWhenOthersMayRead()
    {
        const QByteArray jwt = makeJwt(m_user.publicKey(), "edge", R"("type":"user")", m_account);
        const auto creds = read(put(makeCreds(jwt, m_user.seed()), QFile::ReadOwner | QFile::ReadOther));
        QVERIFY(creds);
        QCOMPARE(creds->warnings().size(), std::size_t{1});
        QVERIFY(QString::fromStdString(creds->warnings()[0]).contains("chmod 600"));
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("why");
        QTest::addColumn<int>("code");
        const QByteArray jwt = makeJwt(m_user.publicKey(), "edge", R"("type":"user")", m_account);
        const QByteArray good = makeCreds(jwt, m_user.seed());
        const auto add = [](const char* name, const QByteArray& text, const char* why,
                            ErrorCode code = ErrorCode::Format) {
            QTest::newRow(name) << text << why << int(code);
        };
        add("empty", "", "no complete block");
        add("prose", "hello\nworld\n", "no complete block");
        add("cut in the JWT", good.left(200), "no complete block");
        add("cut before the seed", good.left(good.indexOf("-----BEGIN USER")), "seed is missing");
        add("cut in the seed", good.left(good.indexOf("SEED-----") + 30), "seed is missing");
        add("short seed", makeCreds(jwt, m_user.seed().left(40)), "cut off or mistyped");
        QByteArray wrong = m_user.seed();
        wrong[20] = wrong[20] == 'A' ? 'B' : 'A';
        add("mistyped seed", makeCreds(jwt, wrong), "checksum");
        add("seed of another", makeCreds(jwt, TestNkey('U').seed()), "the seed belongs to U");
        add("no JWT", makeCreds("rubbish", m_user.seed()), "three parts");
        add("JWT of rubbish", makeCreds("a.b.c", m_user.seed()), "not JSON");
        add("of an account",
            makeCreds(makeJwt(m_account.publicKey(), "a", R"("type":"account")", m_account), m_user.seed()),
            "not a user's");
        add("expired",
            makeCreds(makeJwt(m_user.publicKey(), "u", R"("type":"user")", m_account, 1'700'000'000),
                      m_user.seed()),
            "expired at 2023-11-14T22:13:20", ErrorCode::Auth);
    }

    void saysWhatIsWrong()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, why);
        QFETCH(int, code);
        const auto creds = read(put(text));
        QVERIFY(!creds);
        QCOMPARE(int(creds.error().code), code);
        QVERIFY2(QString::fromStdString(creds.error().why).contains(why), creds.error().why.c_str());
        QVERIFY(!QString::fromStdString(creds.error().line()).contains(QString(m_user.seed())));
    }

    void saysThatItIsMissingOrNoFile()
    {
        QCOMPARE(int(read("/nowhere/x.creds").error().code), int(ErrorCode::NotFound));
        QCOMPARE(int(read(m_dir.path()).error().code), int(ErrorCode::Usage));
    }

    void saysThatItIsUnreadable()
    {
        const QString path = put("x", QFile::WriteOwner);
        // Root reads everything, so root looks with another user's eyes.
        const bool root = ::geteuid() == 0;
        if (root)
            QCOMPARE(::seteuid(65534), 0);
        const auto creds = read(path);
        if (root)
            QCOMPARE(::seteuid(0), 0);
        QCOMPARE(int(creds.error().code), int(ErrorCode::Permission));
    }
};

QTEST_GUILESS_MAIN(TestCredsFile)
#include "tst_CredsFile.moc"
