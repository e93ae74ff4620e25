// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"
#include "core/topology/FlowDiff.h"

#include <QWidget>

#include <vector>

class QAbstractButton;
class QButtonGroup;
class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace weir {

class TopologyExport;
class TopologyPicture;

/// What stands above the pictures of the page Topology: which one is shown, what is searched in it, how much
/// of it is drawn strong. gui thread.
class TopologyTools : public QWidget
{
    Q_OBJECT
public:
    /// `note` says how complete the picture is.
    TopologyTools(const std::vector<TopologyPicture*>& pictures, QLabel* note, QWidget* parent);

    /// Shows which picture is there, and what can be done with it.
    void setPicture(std::size_t index, const TopologyPicture& picture);
    /// What can be saved.
    void setDrawn(const TopologyPicture& picture);
    [[nodiscard]] QString search() const;
    void setSearch(const QString& text);
    [[nodiscard]] int hops() const; ///< 0: everything is strong
    /// How much earlier a range begins that the one of `length` from `from` on is compared with; 0: it is
    /// not.
    [[nodiscard]] Nanoseconds earlier(Timestamp from, Nanoseconds length) const;
    /// What rose or fell by more than that counts as changed.
    [[nodiscard]] double factor() const { return m_factor; }
    /// Compares with the range from `since` on.
    void compareSince(Timestamp since, double factor);
    /// Since when was compared last; kNoTime: no such time was chosen.
    [[nodiscard]] Timestamp since() const { return m_since; }
    /// The shown range begins so: what lies behind is nothing to compare it with.
    void setRangeBegin(Timestamp from);
    /// The reader chose no other time after all.
    void keepComparison();

signals:
    void pictureChosen(std::size_t index);
    void searched(const QString& text);
    void hopsChosen(int hops);
    void comparisonChosen();
    /// The reader wants to say with what.
    void otherTimeWanted();
    void fitWanted();
    /// One line that the reader should see.
    void told(const QString& line);

private:
    void fillChoices();
    void addSwitch(const std::vector<TopologyPicture*>& pictures, QWidget* into);

    QButtonGroup* m_switch;
    QLineEdit* m_search;
    QComboBox* m_hops;
    QComboBox* m_compare;
    int m_compared = 0; ///< its item that is in force
    Timestamp m_since = kNoTime;
    double m_factor = kChangedBy;
    QToolButton* m_fit;
    TopologyExport* m_export;
};

} // namespace weir
