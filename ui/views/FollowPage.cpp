// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/FollowPage.h"

#include "ui/models/TimeText.h"
#include "ui/views/ElidedLabel.h"
#include "ui/views/EmptyState.h"
#include "ui/views/NothingToShow.h"

#include <QLabel>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <utility>

namespace weir {
namespace {

constexpr std::chrono::milliseconds kEvery{500}; // figures are of whole seconds: twice a second is enough

} // namespace

FollowPage::FollowPage(ViewState& state, const QString& icon, const QString& live,
                       HistoryFollower::Opener open, FollowedSinks::Make make, QWidget* parent)
    : Page(parent),
      m_state(state),
      m_live(live),
      m_sinks(state, std::move(open), std::move(make)),
      m_layout(new QStackedLayout),
      m_empty(new EmptyState(this, icon)),
      m_content(new QWidget(this)),
      m_note(new ElidedLabel(m_content))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(m_layout, 1);
    m_note->setObjectName(QStringLiteral("pageNote"));
    m_note->setTextFormat(Qt::PlainText);
    m_note->setProperty("muted", true);
    m_sinks.setWatched(false); // until it is shown
    m_layout->addWidget(m_empty);
    m_layout->addWidget(m_content);
    connect(&m_sinks, &FollowedSinks::restarted, this, &FollowPage::restart);
    connect(&m_sinks, &FollowedSinks::changed, this, [this] {
        if (!m_answered || (!m_hasAll && m_sinks.status().caughtUp()))
            ask();
        else if (!m_hasAll)
            showState();
    });
    connect(&m_tick, &QTimer::timeout, this, &FollowPage::ask);
    m_tick.start(kEvery);
}

FollowPage::~FollowPage()
{
    m_stop.request_stop();
}

void FollowPage::setHead(QWidget* head)
{
    qobject_cast<QVBoxLayout*>(layout())->insertWidget(0, head);
}

void FollowPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    m_sinks.setWatched(true);
    ask();
}

void FollowPage::hideEvent(QHideEvent* event)
{
    Page::hideEvent(event);
    m_sinks.setWatched(false);
}

void FollowPage::restart()
{
    m_answered = false;
    m_hasAll = false;
    startOver();
    showState();
    askAnew();
}

void FollowPage::askAnew()
{
    m_stop.request_stop();
    m_stop = {};
    m_asked = false;
    ask();
}

void FollowPage::ask()
{
    if (!m_sinks.hasHistory() || !isVisible())
        return;
    if (m_asked) {
        m_again = true;
        return;
    }
    m_asked = true;
    m_again = false;
    m_askedAll = m_sinks.status().caughtUp(); // before the sinks are asked
    m_pool.start([this, question = question(), stop = m_stop.get_token()] {
        if (stop.stop_requested())
            return;
        const auto takeUnlessStopped = [this, show = question(stop), stop] {
            if (!stop.stop_requested())
                take(show);
        };
        QMetaObject::invokeMethod(this, takeUnlessStopped, Qt::QueuedConnection);
    });
}

void FollowPage::take(const Show& show)
{
    m_asked = false;
    m_answered = true;
    m_hasAll = m_hasAll || m_askedAll;
    show();
    showState();
    if (m_again)
        ask();
}

void FollowPage::showState()
{
    const FollowStatus status = m_sinks.status();
    const bool any = hasContent() && (m_hasAll || !needsAll());
    const bool reading = m_sinks.hasHistory() && !status.error &&
                         (!m_hasAll || status.state == FollowStatus::State::CatchingUp);
    if (std::exchange(m_reading, reading) != reading)
        emit readingChanged();
    m_layout->setCurrentWidget(any ? m_content : static_cast<QWidget*>(m_empty));
    const QString progress = m_sinks.progressText();
    m_note->setText(status.error ? tr("Not up to date: %1").arg(QString::fromStdString(status.error->why))
                    : progress.isEmpty() ? remark()
                                         : progress);
    m_note->setToolTip(m_note->text()); // in a small window it is cut
    if (any)
        return;
    if (m_state.history().empty())
        showNoHistory(*m_empty, *this);
    else if (explain(*m_empty))
        return;
    else if (status.error && status.state == FollowStatus::State::Failing)
        showUnreadable(*m_empty, *this, *status.error);
    else if (!m_hasAll) // no answer yet is of all there is
        m_empty->showLoading(tr("Reading the history"), progress);
    else if (status.unknownTo != kNoTime)
        showExpired(*m_empty, m_state, status.unknownTo);
    else
        showNoMessage(*m_empty, m_state, m_live);
}

QString FollowPage::remark() const
{
    const Timestamp before = m_sinks.status().unknownTo;
    return before == kNoTime ? QString() : tr("Incomplete before %1: expired").arg(clockText(before, true));
}

} // namespace weir
