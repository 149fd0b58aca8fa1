using Ambient.Ztunnel.Telemetry;

namespace Ambient.UnitTests.Ztunnel.Telemetry;

internal sealed class FakeTraffic : ITrafficReader
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
