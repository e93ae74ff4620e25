// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/MessagesStrip.h"

#include "ui/models/Figures.h"
#include "ui/theme/ThemedIcon.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

namespace weir {

MessagesStrip::MessagesStrip(QWidget* parent)
    : QWidget(parent),
      m_count(new QLabel(this)),
      m_warning(new QLabel(this)),
      m_progress(new QProgressBar(this)),
      m_state(new QLabel(this)),
      m_button(new QToolButton(this))
{
    setObjectName(QStringLiteral("messagesStrip"));
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    m_progress->setFixedSize(120, 6);
    m_progress->setAccessibleName(tr("Search progress"));
    m_button->setObjectName(QStringLiteral("followButton"));
    m_button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_state->setObjectName(QStringLiteral("followState"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 3, 8, 3);
    layout->setSpacing(10);
    layout->addWidget(m_count);
    layout->addWidget(m_progress);
    layout->addWidget(m_warning, 1);
    layout->addWidget(m_state);
    layout->addWidget(m_button);
    setMinimumHeight(m_button->sizeHint().height() + 6);
    connect(m_button, &QToolButton::clicked, this,
            [this] { emit followRequested(m_follow != Follow::Following); });
    setProgress(-1);
    m_button->hide();
}

void MessagesStrip::setCount(const QString& text, const QString& warning)
{
    m_count->setText(text);
    m_warning->setText(warning.isEmpty() ? QString() : tr("Warning: %1").arg(warning));
    m_warning->setToolTip(warning);
}

void MessagesStrip::setProgress(double done)
{
    m_progress->setVisible(done >= 0);
    m_progress->setValue(static_cast<int>(done * 1000));
}

void MessagesStrip::setFollow(Follow follow, quint64 behind)
{
    if (m_follow != follow) {
        m_follow = follow;
        m_button->setVisible(follow != Follow::Off);
        const bool following = follow == Follow::Following;
        m_button->setText(following ? tr("Pause") : tr("Jump to newest (End)"));
        m_button->setIcon(themedIcon(following ? QStringLiteral("pause") : QStringLiteral("live")));
        m_button->setToolTip(following ? tr("Hold the table here. Recording goes on.")
                                       : tr("Show the newest messages and follow them."));
    }
    switch (follow) {
    case Follow::Off:
        m_state->clear();
        break;
    case Follow::Following:
        m_state->setText(tr("Following live"));
        break;
    case Follow::Paused:
        m_state->setText(behind == 0 ? tr("Paused, nothing new")
                                     : tr("Paused, %1 new").arg(fullCount(behind)));
        break;
    }
}

QString MessagesStrip::countText() const
{
    return m_count->text();
}

QString MessagesStrip::followText() const
{
    return m_state->text();
}

} // namespace weir
