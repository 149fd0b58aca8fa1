using Ambient.Certs;

namespace Ambient.Ztunnel.Certificates;

/// <summary>Certificates whose end is near or past, for the readiness page: which, how near, and why they were not renewed (node-proxy 9.7).</summary>
internal sealed class ExpiryWarnings(CertificateStore store, TimeProvider time)
{
    /// <summary>Near is the last tenth of the validity; renewal begins at half of it, so it has failed for long by then.</summary>
    private const double NearShare = 0.1;

    private const int MaxListed = 8;
    private const int MaxReasonChars = 200;

    public IReadOnlyList<string> Read()
    {
        DateTimeOffset now = time.GetUtcNow();
        List<string> near = [.. store.Snapshot().Where(state => IsNear(state, now)).Select(state => Describe(state, now))];
        return near.Count <= MaxListed ? near : [.. near.Take(MaxListed), $"{near.Count - MaxListed} more certificates that end soon"];
    }

    private static bool IsNear(CertificateState state, DateTimeOffset now) =>
        state.NotAfter is { } end && state.Validity is { } validity && end - now < validity * NearShare;

    private static string Describe(CertificateState state, DateTimeOffset now)
    {
        TimeSpan left = state.NotAfter!.Value - now;
        string when = left > TimeSpan.Zero ? $"ends in {Text(left)}" : $"ended {Text(-left)} ago";
        string why = state.LastFailure ?? "its renewal has not come through yet";
        return $"certificate of {state.Identity} {when} ({(why.Length > MaxReasonChars ? why[..MaxReasonChars] + "…" : why)})";
    }

    private static string Text(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours}h{time.Minutes}m" : time.TotalMinutes >= 1 ? $"{time.Minutes}m{time.Seconds}s" : $"{time.Seconds}s";
}
