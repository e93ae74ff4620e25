// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/Keyring.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <qt6keychain/keychain.h>

namespace weir {
namespace {

const QString kService = QStringLiteral("weir");

Result<void> run(QKeychain::Job& job, const std::string& what)
{
    const std::string hint =
        "unlock or start the desktop's keyring, or refer to a file or an environment variable";
    if (QCoreApplication::instance() == nullptr)
        return Error{ErrorCode::Unsupported, what, "there is no application loop to reach the keyring with",
                     hint};
    QEventLoop loop;
    job.setAutoDelete(false);
    QObject::connect(&job, &QKeychain::Job::finished, &loop, &QEventLoop::quit);
    job.start();
    loop.exec();
    if (job.error() == QKeychain::NoError)
        return {};
    const bool absent = job.error() == QKeychain::EntryNotFound;
    return Error{absent ? ErrorCode::NotFound : ErrorCode::Permission, what, job.errorString().toStdString(),
                 hint};
}

} // namespace

Result<Secret> readKeyring(const std::string& entry)
{
    QKeychain::ReadPasswordJob job(kService);
    job.setKey(QString::fromStdString(entry));
    if (Result<void> done = run(job, "reading the keyring entry " + entry); !done)
        return done.error();
    return Secret(job.textData().toStdString());
}

Result<void> writeKeyring(const std::string& entry, const Secret& secret)
{
    QKeychain::WritePasswordJob job(kService);
    job.setKey(QString::fromStdString(entry));
    job.setTextData(QString::fromStdString(secret.reveal()));
    return run(job, "writing the keyring entry " + entry);
}

} // namespace weir
