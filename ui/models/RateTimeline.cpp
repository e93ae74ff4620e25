// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/RateTimeline.h"

#include "ui/models/ViewState.h"

#include <algorithm>

namespace weir {

namespace {
constexpr std::chrono::milliseconds kSlowest{1000};
} // namespace

RateTimeline::RateTimeline(ViewState& state, Clock& clock, HistoryFollower::Opener open, QObject* parent)
    : QObject(parent), m_state(state), m_clock(clock), m_open(std::move(open))
{
    m_restart.setSingleShot(true);
    m_restart.setInterval(0);
    connect(&m_restart, &QTimer::timeout, this, &RateTimeline::restart);
    connect(&m_advance, &QTimer::timeout, this, &RateTimeline::changed);
    for (const auto signal :
         {&ViewState::historyChanged, &ViewState::rangeChanged, &ViewState::filterChanged})
        connect(&state, signal, &m_restart, qOverload<>(&QTimer::start));
    m_restart.start();
}

RateTimeline::~RateTimeline() = default;

void RateTimeline::restart()
{
    m_follower.reset();
    m_buckets.reset();
    m_advance.stop();
    const TimeRange& range = m_state.range();
    if (!m_state.history().empty()) {
        const FollowRange follow =
            range.live ? FollowRange::live(range.span) : FollowRange::fixed(range.from, range.to);
        m_buckets = std::make_shared<RateBuckets>(m_state.history(), follow, m_open);
        HistoryFollower::Options options;
        options.path = m_state.history();
        options.range = follow;
        options.filter = m_state.filter();
        options.open = m_open;
        const auto tell = [this] {
            QMetaObject::invokeMethod(this, &RateTimeline::changed, Qt::QueuedConnection);
        };
        m_follower = std::make_unique<HistoryFollower>(
            std::move(options), m_clock, std::vector<std::shared_ptr<BatchSink>>{m_buckets}, tell);
        m_follower->start();
        if (range.live)
            m_advance.start(std::clamp(
                std::chrono::duration_cast<std::chrono::milliseconds>(bucketWidthFor(range.span) / 2),
                std::chrono::milliseconds(100), kSlowest));
    }
    emit changed();
}

RateSnapshot RateTimeline::snapshot() const
{
    if (!m_buckets)
        return {};
    const TimeRange& range = m_state.range();
    if (!range.live)
        return m_buckets->snapshot(range.from, range.to);
    const Timestamp now = m_clock.now();
    return m_buckets->snapshot(now - range.span, now);
}

FollowStatus RateTimeline::status() const
{
    if (m_follower)
        return m_follower->status();
    FollowStatus none;
    none.state = FollowStatus::State::Stopped;
    return none;
}

std::shared_ptr<const Names> RateTimeline::names() const
{
    return m_buckets ? m_buckets->names() : nullptr;
}

} // namespace weir
