namespace Ambient.Transport.Loops;

/// <summary>Work gathered over a loop turn and done once at its end, such as a flush.</summary>
public interface ITurnEndWork
{
    /// <summary>Runs on the loop. Work that it registers in turn runs at the end of the next turn, which starts at once.</summary>
    void OnTurnEnd();
}
