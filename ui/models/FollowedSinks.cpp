// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/FollowedSinks.h"

#include "ui/models/Figures.h"

namespace weir {
namespace {

constexpr std::chrono::milliseconds kGapsEvery{1000};
constexpr std::chrono::milliseconds kUnwatchedWaits{300};

} // namespace

FollowedSinks::FollowedSinks(ViewState& state, HistoryFollower::Opener open, Make make, QObject* parent)
    : QObject(parent), m_state(state), m_open(std::move(open)), m_make(std::move(make))
{
    m_restart.setSingleShot(true);
    m_restart.setInterval(0);
    connect(&m_restart, &QTimer::timeout, this, &FollowedSinks::restart);
    m_gapTimer.setInterval(kGapsEvery);
    connect(&m_gapTimer, &QTimer::timeout, this, &FollowedSinks::readGaps);
    for (const auto signal :
         {&ViewState::historyChanged, &ViewState::rangeChanged, &ViewState::filterChanged})
        connect(&m_state, signal, &m_restart, qOverload<>(&QTimer::start));
    m_restart.start();
}

FollowedSinks::~FollowedSinks() = default;

void FollowedSinks::setWatched(bool watched)
{
    m_restart.setInterval(watched ? std::chrono::milliseconds(0)
                                  : kUnwatchedWaits); // starts a running one anew
}

void FollowedSinks::restart()
{
    ++m_generation;
    m_follower.reset();
    m_gapReader.reset();
    m_gaps.clear();
    m_gapTimer.stop();
    auto sinks = m_make();
    if (!m_state.history().empty()) {
        const TimeRange& range = m_state.range();
        HistoryFollower::Options options;
        options.path = m_state.history();
        options.range = range.live ? FollowRange::live(range.span) : FollowRange::fixed(range.from, range.to);
        if (!sinks.empty()) // nobody asks for messages: none need be read
            options.filter = m_state.filter();
        options.open = m_open;
        const auto tell = [this, generation = m_generation] {
            QMetaObject::invokeMethod(
                this,
                [this, generation] {
                    if (generation == m_generation)
                        emit changed();
                },
                Qt::QueuedConnection);
        };
        m_follower = std::make_unique<HistoryFollower>(std::move(options), m_clock, std::move(sinks), tell);
        m_gapReader =
            std::make_unique<ReaderThread>([open = m_open, path = m_state.history()] { return open(path); });
        m_follower->start();
        m_gapTimer.start();
        readGaps();
    }
    emit restarted();
}

void FollowedSinks::readGaps()
{
    const auto [from, to] = bounds();
    m_gapReader->post(0, [this, from = from, to = to,
                          generation = m_generation](Result<HistoryReader*> reader, const std::stop_token&) {
        auto gaps = reader ? (*reader)->gaps(from, to) : Result<std::vector<Gap>>(reader.error());
        if (!gaps)
            return; // the follower meets the same error and tells it
        QMetaObject::invokeMethod(
            this,
            [this, generation, found = std::move(gaps).value()]() mutable {
                if (generation != m_generation)
                    return;
                m_gaps = std::move(found);
                emit changed();
            },
            Qt::QueuedConnection);
    });
}

FollowStatus FollowedSinks::status() const
{
    if (m_follower)
        return m_follower->status();
    FollowStatus none;
    none.state = FollowStatus::State::Stopped;
    return none;
}

std::pair<Timestamp, Timestamp> FollowedSinks::bounds()
{
    const TimeRange& range = m_state.range();
    if (!range.live)
        return {range.from, range.to};
    const Timestamp now = m_clock.now();
    return {now - range.span, now};
}

QString FollowedSinks::progressText() const
{
    const FollowStatus at = status();
    if (at.state != FollowStatus::State::CatchingUp || at.total == 0)
        return {};
    return tr("Reading, %1 of %2").arg(fullCount(at.scanned), fullCount(at.total));
}

} // namespace weir
