// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/Errand.h"

#include <QThreadPool>

#include <mutex>

namespace weir {

/// Outlives the errand as long as its work runs.
struct Errand::Mailbox
{
    std::mutex mutex;
    Errand* receiver; // guarded by mutex; null: nobody wants the results any more
    std::stop_source stop;

    explicit Mailbox(Errand* to) : receiver(to) {}

    void post(const std::shared_ptr<Mailbox>& self, std::function<void()> what)
    {
        const std::lock_guard lock(mutex);
        if (!receiver)
            return;
        // The receiver lives while the lock is held; by the time the call runs it may have turned away.
        QMetaObject::invokeMethod(
            receiver,
            [self, what = std::move(what)] {
                if (self->isWanted())
                    what();
            },
            Qt::QueuedConnection);
    }

    bool isWanted()
    {
        const std::lock_guard lock(mutex);
        return receiver != nullptr;
    }
};

Errand::~Errand()
{
    cancel();
}

void Errand::run(Work work)
{
    cancel();
    const auto mailbox = std::make_shared<Mailbox>(this);
    m_mailbox = mailbox;
    QThreadPool::globalInstance()->start([this, mailbox, work = std::move(work)] {
        work(mailbox->stop.get_token(),
             [mailbox](std::function<void()> what) { mailbox->post(mailbox, std::move(what)); });
        // Runs on the gui thread, and only while the errand still waits for this piece of work.
        mailbox->post(mailbox, [this, mailbox] {
            if (m_mailbox != mailbox)
                return;
            m_mailbox.reset();
            emit finished();
        });
    });
}

void Errand::cancel()
{
    if (!m_mailbox)
        return;
    const std::shared_ptr<Mailbox> mailbox = std::move(m_mailbox);
    mailbox->stop.request_stop();
    const std::lock_guard lock(mailbox->mutex);
    mailbox->receiver = nullptr;
}

} // namespace weir
