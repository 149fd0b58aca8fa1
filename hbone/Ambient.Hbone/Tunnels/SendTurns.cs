namespace Ambient.Hbone.Tunnels;

/// <summary>
/// The streams of a tunnel that wait to send, each once, in the order in which they came. Waking stops as soon as the output is congested again, so
/// that a full socket costs one stream's try and not one of each stream.
/// </summary>
internal sealed class SendTurns
{
    private readonly Queue<TunnelStream> _waiting = new();

    public bool IsEmpty => _waiting.Count == 0;

    public void Add(TunnelStream stream)
    {
        if (!stream.IsWaitingTurn)
        {
            stream.IsWaitingTurn = true;
            _waiting.Enqueue(stream);
        }
    }

    /// <summary>Lets the streams that wait now try again; those that find nothing to gain queue up behind.</summary>
    public void Wake(TunnelOutput output)
    {
        for (int count = _waiting.Count; count > 0 && !output.IsCongested; count--)
        {
            if (!_waiting.TryDequeue(out TunnelStream? stream))
            {
                return;
            }

            stream.IsWaitingTurn = false;
            stream.OnSendable();
        }
    }

    public void Clear() => _waiting.Clear();
}
