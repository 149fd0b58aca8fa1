namespace Ambient.Ztunnel.Telemetry;

/// <summary>Live byte counts of one connection: written on its loop, read from any thread without a lock.</summary>
internal interface ITrafficReader
{
    /// <summary>Bytes from the initiating side to the serving side.</summary>
    long ToUpstream { get; }

    /// <summary>Bytes from the serving side to the initiator.</summary>
    long ToDownstream { get; }
}
