// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/NoticeBar.h"

#include "ui/theme/ThemeColors.h"
#include "ui/theme/ThemedIcon.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace weir {

NoticeBar::NoticeBar(QWidget* parent)
    : QFrame(parent),
      m_icon(new QLabel(this)),
      m_label(new QLabel(this)),
      m_do(new QPushButton(this)),
      m_close(new QToolButton(this))
{
    setObjectName(QStringLiteral("noticeBar"));
    m_label->setObjectName(QStringLiteral("noticeText"));
    m_label->setTextFormat(Qt::PlainText); // a server's words may stand in it
    m_label->setWordWrap(true);
    m_label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_close->setObjectName(QStringLiteral("noticeClose"));
    m_close->setIcon(themedIcon(QStringLiteral("clear")));
    m_close->setProperty("frameless", true);
    m_close->setAccessibleName(tr("Close this notice"));
    m_close->setToolTip(tr("Close this notice"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 4, 6, 4);
    layout->addWidget(m_icon);
    layout->addWidget(m_label, 1);
    layout->addWidget(m_do);
    layout->addWidget(m_close);
    m_do->setObjectName(QStringLiteral("noticeAction"));
    connect(m_do, &QPushButton::clicked, this, [this] {
        const auto run = std::exchange(m_action, {}).run;
        m_passing.clear();
        refresh();
        run();
    });
    connect(m_close, &QToolButton::clicked, this, [this] {
        m_passing.clear();
        refresh();
    });
    hide();
}

void NoticeBar::notify(const QString& line, NoticeAction action)
{
    m_passing = line;
    m_action = std::move(action);
    m_do->setText(m_action.text);
    m_do->setToolTip(m_action.meaning);
    refresh();
}

void NoticeBar::setStanding(const QString& line)
{
    if (line == m_standing)
        return;
    m_standing = line;
    refresh();
}

QString NoticeBar::text() const
{
    return m_label->text();
}

void NoticeBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refresh();
}

void NoticeBar::refresh()
{
    QString line = m_standing.isEmpty() ? m_passing : m_standing;
    if (!line.isEmpty())
        line[0] = line[0].toUpper(); // an error's line begins small, for "weir: " to stand before it
    m_label->setText(line);
    setAccessibleName(line);
    m_do->setVisible(m_standing.isEmpty() && m_action.run);
    m_close->setVisible(m_standing.isEmpty());
    m_icon->setPixmap(
        themedPixmap(QStringLiteral("warning"), 18, ThemeColors::of(palette()).error, devicePixelRatioF()));
    setVisible(!line.isEmpty());
}

} // namespace weir
