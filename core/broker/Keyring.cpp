// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/Keyring.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QThread>
#include <qt6keychain/keychain.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>

namespace weir {
namespace {

const QString kService = QStringLiteral("weir");

ErrorCode codeOf(QKeychain::Error error)
{
    switch (error) {
    case QKeychain::EntryNotFound:
        return ErrorCode::NotFound;
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return ErrorCode::Unsupported;
    default:
        return ErrorCode::Permission;
    }
}

/// QtKeychain passes all jobs through one object of the thread that came first: a job of another thread is
/// touched after its end (0.13), and none runs once that thread is gone. So all run on this one.
class KeyringThread
{
public:
    KeyringThread()
    {
        m_there.moveToThread(&m_thread);
        m_thread.setObjectName(QStringLiteral("keyring"));
        m_thread.start();
    }
    ~KeyringThread()
    {
        m_thread.quit();
        m_thread.wait();
    }
    KeyringThread(const KeyringThread&) = delete;
    KeyringThread& operator=(const KeyringThread&) = delete;

    /// Runs the job that `make` makes, which deletes itself, and waits for what `textOf` takes from it. Both
    /// may be called when nobody waits any more.
    template<typename Job>
    Result<Secret> run(const std::string& what, const std::function<Job*()>& make,
                       const std::function<Secret(const Job&)>& textOf, std::chrono::milliseconds patience)
    {
        const auto answer = std::make_shared<std::promise<Result<Secret>>>();
        std::future<Result<Secret>> done = answer->get_future();
        QMetaObject::invokeMethod(&m_there, [=] {
            Job* const job = make();
            QObject::connect(job, &Job::finished, job, [=] {
                if (job->error() == QKeychain::NoError)
                    return answer->set_value(textOf(*job));
                answer->set_value(Error{codeOf(job->error()), what, job->errorString().toStdString(),
                                        "unlock or start the desktop's keyring, or refer to a file or an "
                                        "environment variable"});
            });
            job->start();
        });
        const QDeadlineTimer deadline(patience);
        while (!deadline.hasExpired() && !QThread::currentThread()->isInterruptionRequested()) {
            if (done.wait_for(std::chrono::milliseconds(20)) == std::future_status::ready)
                return done.get();
        }
        return Error{ErrorCode::Timeout, what, "the keyring was not unlocked in time",
                     "unlock it, or refer to a file or an environment variable"};
    }

private:
    QThread m_thread;
    QObject m_there;
};

KeyringThread& keyringThread()
{
    static KeyringThread thread;
    return thread;
}

template<typename Job>
Result<Secret> onKeyringThread(const std::string& what, const std::function<Job*()>& make,
                               const std::function<Secret(const Job&)>& textOf,
                               std::chrono::milliseconds patience)
{
    if (QCoreApplication::instance() == nullptr)
        return Error{ErrorCode::Unsupported, what, "there is no application loop to reach the keyring with",
                     "refer to a file or an environment variable"};
    return keyringThread().run<Job>(what, make, textOf, patience);
}

} // namespace

Result<Secret> readKeyring(const std::string& entry, std::chrono::milliseconds patience)
{
    using Job = QKeychain::ReadPasswordJob;
    const auto make = [entry] {
        auto* const job = new Job(kService);
        job->setKey(QString::fromStdString(entry));
        return job;
    };
    const auto textOf = [](const Job& job) { return Secret(job.textData().toStdString()); };
    return onKeyringThread<Job>("reading the keyring entry " + entry, make, textOf, patience);
}

Result<void> writeKeyring(const std::string& entry, const Secret& secret, std::chrono::milliseconds patience)
{
    using Job = QKeychain::WritePasswordJob;
    const auto make = [entry, secret] {
        auto* const job = new Job(kService);
        job->setKey(QString::fromStdString(entry));
        job->setTextData(QString::fromStdString(secret.reveal()));
        return job;
    };
    const auto nothing = [](const Job&) { return Secret(); };
    const Result<Secret> done =
        onKeyringThread<Job>("writing the keyring entry " + entry, make, nothing, patience);
    return done ? Result<void>() : done.error();
}

} // namespace weir
