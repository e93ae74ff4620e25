// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/TopologyTools.h"

#include "ui/models/TimeText.h"
#include "ui/views/topology/TopologyExport.h"
#include "ui/views/topology/TopologyPicture.h"

#include <QAbstractItemView>
#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace weir {
namespace {

constexpr int kRangeBefore = -1;  ///< seconds: as many as the range has
constexpr int kOtherTime = -2;    ///< one that the reader says
constexpr int kBesideChoice = 24; ///< px: frame and scroll bar
constexpr int kWholeWay = 7;      ///< hops: as many as the flow has columns less one

} // namespace

TopologyTools::TopologyTools(const std::vector<TopologyPicture*>& pictures, QLabel* note, QWidget* parent)
    : QWidget(parent),
      m_switch(new QButtonGroup(this)),
      m_search(new QLineEdit(this)),
      m_hops(new QComboBox(this)),
      m_compare(new QComboBox(this)),
      m_fit(new QToolButton(this)),
      m_export(new TopologyExport(this))
{
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(8, 6, 8, 6);
    line->setSpacing(6);
    auto* pieces = new QWidget(this);
    addSwitch(pictures, pieces);
    line->addWidget(pieces);
    m_search->setObjectName(QStringLiteral("flowSearch"));
    m_search->setAccessibleName(tr("Find in the picture"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(420);
    m_search->setMinimumWidth(64);
    line->addWidget(m_search, 2);
    fillChoices();
    line->addWidget(m_hops);
    line->addWidget(m_compare);
    m_fit->setObjectName(QStringLiteral("flowFit"));
    m_fit->setText(tr("Fit"));
    m_fit->setToolTip(tr("Show all of it (0)"));
    line->addWidget(m_fit);
    line->addWidget(m_export);
    note->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    line->addWidget(note, 3);
    connect(m_search, &QLineEdit::textChanged, this, &TopologyTools::searched);
    connect(m_hops, &QComboBox::currentIndexChanged, this, [this] { emit hopsChosen(hops()); });
    connect(m_compare, &QComboBox::activated, this, [this](int index) {
        if (m_compare->itemData(index) == kOtherTime)
            return emit otherTimeWanted();
        m_compared = index;
        emit comparisonChosen();
    });
    connect(m_export, &TopologyExport::told, this, &TopologyTools::told);
    connect(m_fit, &QToolButton::clicked, this, &TopologyTools::fitWanted);
}

void TopologyTools::fillChoices()
{
    m_hops->setObjectName(QStringLiteral("flowHops"));
    m_hops->setAccessibleName(tr("How much around the chosen part is drawn strong"));
    m_hops->addItem(tr("Everything"), 0);
    m_hops->addItem(tr("1 hop around the choice"), 1);
    m_hops->addItem(tr("2 hops around the choice"), 2);
    m_hops->addItem(tr("The whole way of the choice"), kWholeWay);
    m_compare->setObjectName(QStringLiteral("flowCompare"));
    m_compare->setAccessibleName(tr("What the picture is compared with"));
    m_compare->addItem(tr("No comparison"), 0);
    m_compare->addItem(tr("Changes since the range before"), kRangeBefore);
    m_compare->addItem(tr("Changes since an hour earlier"), 3600);
    m_compare->addItem(tr("Changes since a day earlier"), 24 * 3600);
    m_compare->addItem(tr("Changes since a week earlier"), 7 * 24 * 3600);
    m_compare->addItem(tr("Changes since another time…"), kOtherTime);
    // In a small window the details and the picture need the room more.
    for (QComboBox* choice : {m_hops, m_compare}) {
        choice->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
        choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        choice->setMinimumContentsLength(11);
        choice->setMinimumWidth(48);
        choice->view()->setMinimumWidth(choice->view()->sizeHintForColumn(0) + kBesideChoice);
    }
}

void TopologyTools::addSwitch(const std::vector<TopologyPicture*>& pictures, QWidget* into)
{
    auto* line = new QHBoxLayout(into);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(4);
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        auto* button = new QToolButton(into);
        button->setObjectName(QStringLiteral("picture-") + pictures[i]->name());
        button->setText(pictures[i]->title());
        button->setCheckable(true);
        button->setFocusPolicy(Qt::StrongFocus);
        const QString key = QStringLiteral("Alt+%1").arg(i + 1);
        button->setShortcut(QKeySequence(key));
        button->setToolTip(tr("The picture %1 (%2)").arg(pictures[i]->title(), key));
        button->setAccessibleName(tr("Picture %1").arg(pictures[i]->title()));
        m_switch->addButton(button, static_cast<int>(i));
        line->addWidget(button);
    }
    // Arrow keys move along an exclusive group's buttons by checking them.
    connect(m_switch, &QButtonGroup::idToggled, this, [this](int id, bool checked) {
        if (checked)
            emit pictureChosen(static_cast<std::size_t>(id));
    });
}

void TopologyTools::setPicture(std::size_t index, const TopologyPicture& picture)
{
    m_switch->button(static_cast<int>(index))->setChecked(true);
    m_search->setPlaceholderText(picture.searchHint());
    m_hops->setVisible(picture.hasWays());
    m_compare->setVisible(picture.hasWays());
}

void TopologyTools::setDrawn(const TopologyPicture& picture)
{
    m_export->setSheet(picture.hasContent() ? picture.sheet() : TopologySheet());
}

void TopologyTools::setSearch(const QString& text)
{
    m_search->setText(text);
}

QString TopologyTools::search() const
{
    return m_search->text();
}

Nanoseconds TopologyTools::earlier(Timestamp from, Nanoseconds length) const
{
    const int seconds = m_compare->itemData(m_compared).toInt();
    if (seconds == kOtherTime)
        return from - m_since;
    return seconds == kRangeBefore ? length : std::chrono::seconds(seconds);
}

void TopologyTools::compareSince(Timestamp since, double factor)
{
    m_since = since;
    m_factor = factor;
    m_compared = m_compare->findData(kOtherTime);
    m_compare->setItemText(m_compared, tr("Changes since %1…").arg(clockText(since, true)));
    m_compare->setToolTip(
        tr("Rates and p99 that rose or fell by more than × %1 count as changed").arg(factor));
    keepComparison();
    emit comparisonChosen();
}

void TopologyTools::setRangeBegin(Timestamp from)
{
    if (m_compare->itemData(m_compared).toInt() != kOtherTime || m_since < from)
        return;
    m_compared = 0;
    keepComparison();
}

void TopologyTools::keepComparison()
{
    m_compare->setCurrentIndex(m_compared);
}

int TopologyTools::hops() const
{
    return m_hops->currentData().toInt();
}

} // namespace weir
