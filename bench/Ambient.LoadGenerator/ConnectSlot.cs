namespace Ambient.LoadGenerator;

/// <summary>One connection of a closed loop.</summary>
internal struct ConnectSlot
{
    public int Socket;
    public long Began;
    public bool Asked;
}
