// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/SubjectList.h"

#include "ui/models/Figures.h"
#include "ui/theme/Theme.h"

#include <QHeaderView>

namespace weir {

namespace {
enum Column { kSubject, kRate, kBytes, kOrigin, kColumns };
constexpr int kValueRole = Qt::UserRole + 1;
} // namespace

SubjectList::SubjectList(QWidget* parent) : QTreeWidget(parent)
{
    setObjectName(QStringLiteral("subjectList"));
    setAccessibleName(tr("Subjects that may be observed"));
    setColumnCount(kColumns);
    setHeaderLabels({tr("Subject"), tr("Messages"), tr("Bytes"), tr("Used by")});
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAlternatingRowColors(true);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(kSubject, QHeaderView::Stretch);
    for (int column : {kRate, kBytes, kOrigin})
        header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    for (int column : {kRate, kBytes})
        headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
}

void SubjectList::put(const SubjectProposal& proposal, bool checked)
{
    const QSignalBlocker quiet(this);
    const QString subject = QString::fromStdString(proposal.subject);
    QTreeWidgetItem* row = rowOf(subject);
    const bool keep = row && row->checkState(kSubject) == Qt::Checked;
    if (!row)
        row = new QTreeWidgetItem(this);
    row->setText(kSubject, subject);
    row->setFont(kSubject, Theme::dataFont());
    row->setSizeHint(kSubject, QSize(0, Theme::rowHeight()));
    row->setCheckState(kSubject, checked || keep ? Qt::Checked : Qt::Unchecked);
    const auto& [messages, bytes] = std::pair{proposal.messagesPerSecond, proposal.bytesPerSecond};
    row->setText(kRate, messages ? shortRate(*messages) : tr("unknown"));
    row->setText(kBytes, bytes ? shortBytes(*bytes) + QStringLiteral("/s") : tr("unknown"));
    row->setData(kRate, kValueRole, messages ? QVariant(*messages) : QVariant());
    row->setData(kBytes, kValueRole, bytes ? QVariant(*bytes) : QVariant());
    row->setText(kOrigin, QString::fromStdString(proposal.origin));
    for (int column : {kRate, kBytes}) {
        row->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        row->setToolTip(column, QString::fromStdString(proposal.basis));
    }
}

QTreeWidgetItem* SubjectList::rowOf(const QString& subject) const
{
    for (int i = 0; i < topLevelItemCount(); ++i) {
        if (topLevelItem(i)->text(kSubject) == subject)
            return topLevelItem(i);
    }
    return nullptr;
}

std::vector<std::string> SubjectList::checked() const
{
    std::vector<std::string> subjects;
    for (int i = 0; i < topLevelItemCount(); ++i) {
        if (topLevelItem(i)->checkState(kSubject) == Qt::Checked)
            subjects.push_back(topLevelItem(i)->text(kSubject).toStdString());
    }
    return subjects;
}

SubjectEstimate SubjectList::estimate() const
{
    SubjectEstimate sum;
    for (int i = 0; i < topLevelItemCount(); ++i) {
        const QTreeWidgetItem* row = topLevelItem(i);
        if (row->checkState(kSubject) != Qt::Checked)
            continue;
        ++sum.chosen;
        sum.known += row->data(kRate, kValueRole).isValid() ? 1 : 0;
        sum.messagesPerSecond += row->data(kRate, kValueRole).toDouble();
        sum.bytesPerSecond += row->data(kBytes, kValueRole).toDouble();
    }
    return sum;
}

} // namespace weir
