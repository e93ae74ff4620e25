// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

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
    /// How much earlier a range begins that one of `length` is compared with; 0: it is not.
    [[nodiscard]] Nanoseconds earlier(Nanoseconds length) const;

signals:
    void pictureChosen(std::size_t index);
    void searched(const QString& text);
    void hopsChosen(int hops);
    void comparisonChosen();
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
    QToolButton* m_fit;
    TopologyExport* m_export;
};

} // namespace weir
