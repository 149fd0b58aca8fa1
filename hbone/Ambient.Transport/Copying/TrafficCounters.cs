namespace Ambient.Transport.Copying;

/// <summary>Bytes of one connection, live: written on its loop only, read from any thread.</summary>
public class TrafficCounters
{
    private long _toUpstream;
    private long _toDownstream;

    public long ToUpstream
    {
        get => Volatile.Read(ref _toUpstream);
        set => Volatile.Write(ref _toUpstream, value);
    }

    public long ToDownstream
    {
        get => Volatile.Read(ref _toDownstream);
        set => Volatile.Write(ref _toDownstream, value);
    }
}
