// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace weir {

/// The line below the message table: how much there is, how far a search has come, whether the end is
/// followed. Always there, so that nothing jumps. gui thread.
class MessagesStrip : public QWidget
{
    Q_OBJECT
public:
    explicit MessagesStrip(QWidget* parent = nullptr);

    /// What there is, e.g. "1,204,311 messages", and a warning that must be read, or nothing.
    void setCount(const QString& text, const QString& warning = {});
    /// How far a search has come, 0 to 1; below 0 hides the bar.
    void setProgress(double done);

    enum class Follow { Off, Following, Paused };
    /// `behind`: messages of the table that came since the pause.
    void setFollow(Follow follow, quint64 behind = 0);

    [[nodiscard]] bool isPaused() const { return m_follow == Follow::Paused; }
    [[nodiscard]] QString countText() const;
    [[nodiscard]] QString followText() const;

signals:
    void followRequested(bool follow);

private:
    QLabel* m_count;
    QLabel* m_warning;
    QProgressBar* m_progress;
    QLabel* m_state;
    QToolButton* m_button;
    Follow m_follow = Follow::Off;
};

} // namespace weir
