using Ambient.Transport.Loops;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// PING keepalive of both roles (node-proxy 1.2.1): first after 10 s, then 10 s after each pong, whatever else was received; 20 s for the pong.
/// </summary>
internal sealed class TunnelKeepalive
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PongTimeout = TimeSpan.FromSeconds(20);

    private readonly TunnelConnection _connection;
    private LoopTimer? _timer;
    private long _payload;
    private bool _isWaiting;

    public TunnelKeepalive(TunnelConnection connection) => _connection = connection;

    public void Start() => _timer = _connection.Loop.StartTimer(Interval, static state => ((TunnelKeepalive)state!).Ping(), this);

    public void Stop() => _timer?.Cancel();

    public void OnPong(long payload)
    {
        if (_isWaiting && payload == _payload)
        {
            _isWaiting = false;
            _timer?.Cancel();
            Start();
        }
    }

    private void Ping()
    {
        _isWaiting = true;
        _connection.Http2.SendPing(++_payload);
        _connection.Output.Schedule();
        _timer = _connection.Loop.StartTimer(PongTimeout, static state => ((TunnelKeepalive)state!)._connection.OnPingTimeout(), this);
    }
}
