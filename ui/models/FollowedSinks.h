// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/history/HistoryFollower.h"
#include "ui/models/ReaderThread.h"
#include "ui/models/ViewState.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <vector>

namespace weir {

/// Keeps sinks fed with what a ViewState shows: begins anew with fresh ones whenever history, range or filter
/// change, and looks for gaps beside. The base of the Subjects and Latency pages' data. gui thread; the sinks
/// are fed on the follower's.
class FollowedSinks : public QObject
{
    Q_OBJECT
public:
    /// Makes the sinks of one run.
    using Make = std::function<std::vector<std::shared_ptr<BatchSink>>()>;

    /// `state` outlives it.
    FollowedSinks(ViewState& state, HistoryFollower::Opener open, Make make, QObject* parent = nullptr);
    ~FollowedSinks() override;

    /// Whether somebody looks at what the sinks hold. Where nobody does, what was begun anew waits a moment,
    /// so that what is looked at has the machine to itself.
    void setWatched(bool watched);
    /// Fresh sinks, fed with all of it again.
    void beginAnew() { m_restart.start(); }
    [[nodiscard]] bool hasHistory() const { return m_follower != nullptr; }
    [[nodiscard]] FollowStatus status() const;
    /// The range as moments; a live one ends now.
    [[nodiscard]] std::pair<Timestamp, Timestamp> bounds();
    [[nodiscard]] const std::vector<Gap>& gaps() const { return m_gaps; }
    /// How far catching up has come, in words: "Reading, 38,000 of 100,000"; empty when caught up.
    [[nodiscard]] QString progressText() const;

signals:
    /// Fresh sinks: what was shown before is no longer right.
    void restarted();
    /// Status, gaps, or what the sinks hold may have changed; at most 25 times a second.
    void changed();

private:
    void restart();
    void readGaps();

    ViewState& m_state;
    HistoryFollower::Opener m_open;
    Make m_make;
    SystemClock m_clock;
    QTimer m_restart; ///< gathers changes of history, range and filter that come together
    QTimer m_gapTimer;
    std::vector<Gap> m_gaps;
    std::uint64_t m_generation = 0;
    std::unique_ptr<HistoryFollower> m_follower;
    std::unique_ptr<ReaderThread> m_gapReader;
};

} // namespace weir
