// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/CaptureSession.h"
#include "ui/models/RateMeter.h"

#include <QWidget>

#include <filesystem>
#include <optional>

class QLabel;

namespace weir {

/// What is missing, in words: "complete", or "3 gaps, 120 dropped by the broker".
[[nodiscard]] QString coverageText(const Coverage& coverage);

/// The status bar: in/s, stored/s, dropped, sampling, history, round trip, coverage. Zero and complete are
/// calm; the rest stands out by weight, words and colour.
class StatusStrip : public QWidget
{
    Q_OBJECT
public:
    explicit StatusStrip(QWidget* parent = nullptr);

    /// `steady` is when `status` was taken. Call it a few times a second.
    void setStatus(const CaptureStatus& status, const std::filesystem::path& history, Nanoseconds steady);
    /// No capture runs; `history` may be one that is only read.
    void setNoCapture(const std::filesystem::path& history);

    /// What the time range shown lacks, whatever the recording says of itself.
    void setRangeFlaws(std::size_t gaps, std::uint64_t damagedBlocks);

    /// What is shown of the range is still being read: nothing is complete yet.
    void setReading(bool reading);

    /// The name and size of the history that is shown; `bytes` 0: not known.
    void setHistory(const std::filesystem::path& history, std::uint64_t bytes);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QLabel* addItem(const QString& name, const QString& label);
    void showDropped(const Coverage& coverage);
    void showCoverage();
    [[nodiscard]] QString rangeFlaws() const;
    /// In a small window what is missing comes before what is said elsewhere too.
    void fitRoom();

    RateMeter m_receivedMeter;
    RateMeter m_storedMeter;
    QLabel* m_received;
    QLabel* m_stored;
    QLabel* m_dropped;
    QLabel* m_sampled;
    QLabel* m_history;
    QLabel* m_roundTrip;
    QLabel* m_roundTripCaption;
    std::optional<Coverage> m_shown; ///< of the recording; none while nothing is recorded
    std::size_t m_rangeGaps = 0;
    std::uint64_t m_rangeDamage = 0;
    bool m_reading = false;
    QString m_historyName;
    QString m_historySize;
    QLabel* m_coverageIcon;
    QLabel* m_coverage;
};

} // namespace weir
