// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/PageRail.h"

#include "ui/theme/ThemedIcon.h"

#include <QButtonGroup>
#include <QKeyEvent>
#include <QToolButton>
#include <QVBoxLayout>

namespace weir {

PageRail::PageRail(QWidget* parent)
    : QWidget(parent), m_layout(new QVBoxLayout(this)), m_group(new QButtonGroup(this))
{
    setObjectName(QStringLiteral("pageRail"));
    setAccessibleName(tr("Pages"));
    m_layout->setContentsMargins(4, 6, 4, 6);
    m_layout->setSpacing(4);
    m_layout->addStretch(1);
    m_group->setExclusive(true);
    connect(m_group, &QButtonGroup::idClicked, this, &PageRail::chosen);
}

void PageRail::addPage(const QString& title, const QString& iconName)
{
    const int index = static_cast<int>(m_group->buttons().size());
    auto* button = new QToolButton(this);
    button->setObjectName(QStringLiteral("rail%1").arg(title));
    button->setText(title);
    button->setIcon(themedIcon(iconName));
    button->setIconSize(QSize(22, 22));
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setCheckable(true);
    button->setProperty("frameless", true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    button->setAccessibleName(tr("Page %1").arg(title));
    button->setToolTip(index < 9 ? tr("%1 (Ctrl+%2)").arg(title).arg(index + 1) : title);
    m_group->addButton(button, index);
    m_layout->insertWidget(index, button);
}

int PageRail::current() const
{
    return m_group->checkedId();
}

void PageRail::setCurrent(int index)
{
    if (auto* button = m_group->button(index))
        button->setChecked(true);
}

void PageRail::focusCurrent()
{
    if (auto* button = m_group->checkedButton())
        button->setFocus(Qt::ShortcutFocusReason);
}

void PageRail::keyPressEvent(QKeyEvent* event)
{
    const int index = event->key() - Qt::Key_1;
    if (event->modifiers() == Qt::NoModifier && index >= 0 && index < m_group->buttons().size()) {
        m_group->button(index)->setFocus();
        emit chosen(index);
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace weir
