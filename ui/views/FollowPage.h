// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/FollowedSinks.h"
#include "ui/views/Page.h"

#include <QThreadPool>
#include <QTimer>

#include <concepts>
#include <functional>
#include <stop_token>
#include <utility>

class QLabel;
class QStackedLayout;

namespace weir {

class EmptyState;

/// A page whose figures are asked of a sink that is fed with what the view shows. Asks twice a second while
/// it is visible, one question at a time, answered off the gui thread; a question whose answer is of no use
/// any more is asked to stop, and its answer dropped. Says why it is empty. gui thread.
class FollowPage : public Page
{
    Q_OBJECT
public:
    ~FollowPage() override;
    [[nodiscard]] bool isReading() const override { return m_reading; }

protected:
    using Show = std::function<void()>; ///< shows an answer, on the gui thread

    /// Runs on a thread of the pool and touches nothing of the page. One that takes long takes a token, and
    /// answers anything once that is asked to stop: nobody hears it.
    class Question
    {
    public:
        template<std::invocable Ask>
        Question(Ask ask) : m_ask([ask = std::move(ask)](const std::stop_token&) -> Show { return ask(); })
        {
        }
        template<std::invocable<const std::stop_token&> Ask>
        Question(Ask ask) : m_ask(std::move(ask))
        {
        }
        [[nodiscard]] Show operator()(const std::stop_token& stop) const { return m_ask(stop); }

    private:
        std::function<Show(const std::stop_token&)> m_ask;
    };

    /// `live` is what an empty live range says. The page builds itself into content().
    FollowPage(ViewState& state, const QString& icon, const QString& live, HistoryFollower::Opener open,
               FollowedSinks::Make make, QWidget* parent);

    [[nodiscard]] virtual Question question() = 0;
    /// Fresh sinks: what was shown is no longer right.
    virtual void startOver() = 0;
    [[nodiscard]] virtual bool hasContent() const = 0;
    /// Figures of a part would mislead: nothing is shown until everything was read once.
    [[nodiscard]] virtual bool needsAll() const { return false; }
    /// The answer that is being shown, or an earlier one of this run, is of everything there was.
    [[nodiscard]] bool hasAll() const { return m_hasAll; }
    /// A remark for the label that says how complete the figures are; empty for none.
    [[nodiscard]] virtual QString remark() const;
    /// Says in `empty` why there is nothing to show; false: what every page says is right. There is a
    /// history.
    [[nodiscard]] virtual bool explain(EmptyState& /*empty*/) { return false; }
    /// What stands above the page whether there is something to show or not.
    void setHead(QWidget* head);
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

    void ask();
    /// Another question than the one under way, which is asked to stop: its answer is of no use any more.
    void askAnew();
    [[nodiscard]] bool isAsking() const { return m_asked; }
    void showState();

    [[nodiscard]] QWidget* content() const { return m_content; }
    /// Says how complete the figures are; the page puts it among its tools.
    [[nodiscard]] QLabel* note() const { return m_note; }
    [[nodiscard]] ViewState& state() const { return m_state; }
    [[nodiscard]] FollowedSinks& sinks() { return m_sinks; }

private:
    void restart();
    void take(const Show& show);

    ViewState& m_state;
    QString m_live;
    FollowedSinks m_sinks;
    QStackedLayout* m_layout;
    EmptyState* m_empty;
    QWidget* m_content;
    QLabel* m_note;
    bool m_asked = false;
    bool m_again = false;
    bool m_answered = false;
    bool m_askedAll = false; ///< everything was read when it was asked
    bool m_hasAll = false;
    bool m_reading = false;
    std::stop_source m_stop; ///< of what is asked
    QTimer m_tick;
    QThreadPool m_pool; ///< last: its end waits for what is asked
};

} // namespace weir
