namespace Ambient.Hbone.Http2.FlowControl;

/// <summary>
/// Bounds events that cost this side more than they cost the peer: a burst, refilled by time and by useful work. The clock is
/// read only when the burst is used up, so an honest peer never causes it.
/// </summary>
internal sealed class WorkBudget(int burst, int perSecond, TimeProvider clock)
{
    private long _left = burst;
    private long _refilledAt = clock.GetTimestamp();
    private long _earnedBefore;

    /// <param name="cost">What the event costs.</param>
    /// <param name="earned">The work done since the connection began, in the same unit.</param>
    /// <returns>False when the budget is overdrawn.</returns>
    public bool TrySpend(int cost, long earned)
    {
        _left -= cost;
        return _left >= 0 || Refill(cost, earned);
    }

    private bool Refill(int cost, long earned)
    {
        long ticks = clock.GetTimestamp() - _refilledAt;
        long most = clock.TimestampFrequency * (long)Math.Max(1, burst / perSecond + 1);
        long byTime = (long)((double)Math.Min(ticks, most) / clock.TimestampFrequency * perSecond);

        // Advance by the time that was paid out, so that fractions add up; all of it once the bucket is full.
        _refilledAt += ticks >= most ? ticks : (long)((double)byTime / perSecond * clock.TimestampFrequency);
        _left = Math.Min(burst, _left + cost + byTime + (earned - _earnedBefore)) - cost;
        _earnedBefore = earned;
        return _left >= 0;
    }
}
