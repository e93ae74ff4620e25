// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/SubjectsPage.h"

#include "ui/models/ViewState.h"
#include "ui/views/EmptyState.h"

#include <QStackedLayout>

namespace weir {

SubjectsPage::SubjectsPage(ViewState& state, QWidget* parent)
    : Page(parent), m_state(state), m_layout(new QStackedLayout(this)), m_empty(new EmptyState(this))
{
    m_layout->addWidget(m_empty);
    connect(&m_state, &ViewState::historyChanged, this, &SubjectsPage::openHistory);
    openHistory();
}

QString SubjectsPage::title() const
{
    return tr("Subjects");
}

QString SubjectsPage::iconName() const
{
    return QStringLiteral(":/icons/subjects.svg");
}

void SubjectsPage::openHistory()
{
    if (m_state.history().empty())
        m_empty->showEmpty(tr("Nothing to show yet"), tr("Connect to a broker or open a history file."));
    else
        m_empty->showLoading(tr("Opening the history …"));
}

} // namespace weir
