using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>Turns the way in which a connection ended into its report.</summary>
internal static class ConnectionOutcome
{
    /// <summary>
    /// Completes the record. A connection that a drain cut stays uncompleted: disposing the record then reports the drain, which counts as
    /// closed and not as failed (node-proxy 9.3).
    /// </summary>
    public static void Complete(this ConnectionRecord record, ConnectionFailure? failure)
    {
        if (failure is null)
        {
            record.Complete();
        }
        else if (failure.Reason is not (FailureReason.Draining or FailureReason.DrainDeadline))
        {
            record.Complete(FailureReport.Of(failure));
        }
    }
}
