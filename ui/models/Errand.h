// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <functional>
#include <memory>
#include <stop_token>

namespace weir {

/// Work that may take seconds, off the gui thread, one piece at a time. What it posts runs on the gui thread;
/// posts of a cancelled or replaced errand are dropped, and so are all once this object is gone: it never
/// waits for the work. gui thread.
class Errand : public QObject
{
    Q_OBJECT
public:
    using Post = std::function<void(std::function<void()>)>;
    using Work = std::function<void(std::stop_token, const Post&)>;

    using QObject::QObject;
    ~Errand() override;

    /// Begins `work` on a pool thread; cancels what ran before. `work` must own all that it uses.
    void run(Work work);
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_mailbox != nullptr; }

signals:
    /// The work ended by itself (not after cancel()).
    void finished();

private:
    struct Mailbox;
    std::shared_ptr<Mailbox> m_mailbox;
};

} // namespace weir
