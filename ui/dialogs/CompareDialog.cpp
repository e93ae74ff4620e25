// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/CompareDialog.h"

#include "ui/dialogs/MomentField.h"
#include "ui/models/TimeText.h"
#include "ui/models/ViewState.h"
#include "ui/window/WidgetState.h"

#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>

namespace weir {

CompareDialog::CompareDialog(Timestamp from, Timestamp to, Timestamp since, double factor, Timestamp now,
                             QWidget* parent)
    : QDialog(parent),
      m_shownFrom(from),
      m_length(to - from),
      m_now(now),
      m_field(momentField(QStringLiteral("compareSince"), tr("Begins at"), since, this)),
      m_factor(new QDoubleSpinBox(this)),
      m_message(new QLabel(this)),
      m_compare(nullptr)
{
    setObjectName(QStringLiteral("compareDialog"));
    setWindowTitle(tr("Compare with an earlier range"));
    m_factor->setObjectName(QStringLiteral("compareFactor"));
    m_factor->setRange(1.05, 100);
    m_factor->setDecimals(2);
    m_factor->setSingleStep(0.25);
    m_factor->setPrefix(tr("× "));
    m_factor->setValue(factor);
    m_factor->setToolTip(tr("Rates and p99 that rose or fell by more than that count as changed; what may "
                            "be chance does not."));
    m_message->setObjectName(QStringLiteral("compareMessage"));
    m_message->setWordWrap(true);
    m_message->setMinimumHeight(2 * fontMetrics().height() + 4);
    auto* hint =
        new QLabel(tr("It is as long as the shown range: %1. %2").arg(spanText(m_length), momentHint()));
    hint->setProperty("muted", true);
    hint->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_compare = buttons->addButton(tr("Compare"), QDialogButtonBox::AcceptRole);
    m_compare->setObjectName(QStringLiteral("compareShow"));
    m_compare->setDefault(true);
    auto* layout = new QFormLayout(this);
    layout->addRow(tr("&Begins at"), m_field);
    layout->addRow(tr("Changed by &more than"), m_factor);
    layout->addRow(hint);
    layout->addRow(m_message);
    layout->addRow(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_field, &QLineEdit::textChanged, this, &CompareDialog::check);
    m_field->selectAll();
    check();
}

double CompareDialog::factor() const
{
    return m_factor->value();
}

void CompareDialog::check()
{
    const auto since = readMoment(m_field->text(), m_now);
    QString problem;
    if (!since)
        problem = QString::fromStdString(since.error().why);
    else if (*since >= m_shownFrom)
        problem =
            tr("It must begin before the shown range, which begins at %1.").arg(clockText(m_shownFrom, true));
    const StateLevel level = problem.isEmpty() ? StateLevel::Normal : StateLevel::Error;
    setStateLevel(m_field, level);
    setStateLevel(m_message, level);
    m_compare->setEnabled(problem.isEmpty());
    if (!problem.isEmpty()) {
        m_message->setText(problem);
        return;
    }
    m_since = *since;
    TimeRange earlier;
    earlier.live = false;
    earlier.from = m_since;
    earlier.to = m_since + m_length;
    m_message->setText(rangeText(earlier));
}

} // namespace weir
