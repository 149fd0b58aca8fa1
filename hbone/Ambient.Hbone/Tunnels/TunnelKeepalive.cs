using Ambient.Transport.Loops;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// PING keepalive of both roles (node-proxy 1.2.1): first after an interval, then an interval after each pong, whatever else was received.
/// </summary>
internal sealed class TunnelKeepalive(TunnelConnection connection, TunnelTimes times)
{
    private LoopTimer? _timer;
    private long _payload;
    private bool _isWaiting;

    public void Start() => _timer = connection.Loop.StartTimer(times.PingInterval, static state => ((TunnelKeepalive)state!).Ping(), this);

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
        connection.Http2.SendPing(++_payload);
        connection.Output.Schedule();
        _timer = connection.Loop.StartTimer(times.PingTimeout, static state => ((TunnelKeepalive)state!).OnTimeout(), this);
    }

    private void OnTimeout() => connection.OnPingTimeout();
}
