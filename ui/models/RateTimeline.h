// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryFollower.h"
#include "ui/models/RateBuckets.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace weir {

class Clock;
class ViewState;

/// The strip's data: message rate and gaps over the view's range, filter and history. Reads the history on a
/// thread of its own and begins anew whenever one of the three changes. Told to the GUI at most 25 times a
/// second. gui thread.
class RateTimeline : public QObject
{
    Q_OBJECT
public:
    /// Both outlive it. `open` is how histories are opened (tests hand in their own).
    RateTimeline(ViewState& state, Clock& clock, HistoryFollower::Opener open = &HistoryReader::open,
                 QObject* parent = nullptr);
    ~RateTimeline() override;

    /// The counts of the present range; empty without a history.
    [[nodiscard]] RateSnapshot snapshot() const;
    /// Where the reading stands; `Stopped` without a history.
    [[nodiscard]] FollowStatus status() const;
    /// The names in use in the range, for completion; null while none is known.
    [[nodiscard]] std::shared_ptr<const Names> names() const;

signals:
    void changed();

private:
    void restart();

    ViewState& m_state;
    Clock& m_clock;
    HistoryFollower::Opener m_open;
    std::shared_ptr<RateBuckets> m_buckets;
    std::unique_ptr<HistoryFollower> m_follower;
    QTimer m_restart; ///< gathers changes of range, filter and history that come together
    QTimer m_advance; ///< a live range moves also while nothing arrives
};

} // namespace weir
