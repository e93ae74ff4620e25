// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/BrokerList.h"

#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr int kNewBroker = -1;
constexpr int kEntryRole = Qt::UserRole + 1;

QString kindOf(const ProfileEntry& entry)
{
    if (entry.origin == ProfileEntry::Origin::Own)
        return BrokerList::tr("profile");
    return entry.selected ? BrokerList::tr("nats context, default") : BrokerList::tr("nats context");
}

} // namespace

BrokerList::BrokerList(QList<ProfileEntry> entries, QWidget* parent)
    : QWidget(parent),
      m_entries(std::move(entries)),
      m_search(new QLineEdit(this)),
      m_list(new QListWidget(this))
{
    m_search->setObjectName(QStringLiteral("profileSearch"));
    m_search->setAccessibleName(tr("Search the brokers"));
    m_search->setPlaceholderText(tr("Search the brokers"));
    m_search->setClearButtonEnabled(true);
    m_list->setObjectName(QStringLiteral("profileList"));
    m_list->setAccessibleName(tr("Brokers"));
    m_list->setMinimumWidth(180);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_search);
    layout->addWidget(m_list, 1);
    fill();
    connect(m_search, &QLineEdit::textChanged, this, &BrokerList::fill);
    connect(m_list, &QListWidget::currentRowChanged, this, &BrokerList::chosen);
}

void BrokerList::fill()
{
    const QVariant before =
        m_list->currentItem() ? m_list->currentItem()->data(kEntryRole) : QVariant(kNewBroker);
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    auto* fresh = new QListWidgetItem(tr("New broker…"), m_list);
    fresh->setData(kEntryRole, kNewBroker);
    fresh->setSizeHint(QSize(0, fontMetrics().height() + 12));
    for (int i = 0; i < m_entries.size(); ++i) {
        const ProfileEntry& entry = m_entries[i];
        if (!entry.matches(m_search->text()))
            continue;
        auto* item = new QListWidgetItem(QStringLiteral("%1\n%2").arg(entry.name(), kindOf(entry)), m_list);
        item->setData(kEntryRole, i);
        item->setSizeHint(QSize(0, 2 * fontMetrics().height() + 8));
        item->setToolTip(QString::fromStdString(entry.profile.urlsForPeople()));
        if (item->data(kEntryRole) == before)
            m_list->setCurrentItem(item);
    }
    if (!m_list->currentItem())
        m_list->setCurrentRow(m_search->text().isEmpty() || m_list->count() == 1 ? 0 : 1);
    if (m_list->currentItem()->data(kEntryRole) != before)
        emit chosen();
}

const ProfileEntry* BrokerList::current() const
{
    const QListWidgetItem* item = m_list->currentItem();
    const int index = item ? item->data(kEntryRole).toInt() : kNewBroker;
    return index == kNewBroker ? nullptr : &m_entries[index];
}

void BrokerList::choose(const QString& name)
{
    int wanted = 0;
    for (int row = 1; row < m_list->count(); ++row) {
        const ProfileEntry& entry = m_entries[m_list->item(row)->data(kEntryRole).toInt()];
        if (entry.name() == name) {
            wanted = row;
            break;
        }
        if (entry.selected)
            wanted = row;
    }
    m_list->setCurrentRow(wanted);
}

void BrokerList::chooseNew()
{
    m_list->setCurrentRow(0);
}

} // namespace weir
