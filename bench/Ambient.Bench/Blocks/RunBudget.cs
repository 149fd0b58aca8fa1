namespace Ambient.Bench.Blocks;

/// <summary>
/// How long a run may take. Every planned block is run whatever it says; a rejected one is run again only while the blocks still to come are
/// expected to end in time.
/// </summary>
internal sealed class RunBudget(TimeSpan limit, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private TimeSpan _blockTime;
    private int _blocksRun;

    public TimeSpan Elapsed => time.GetElapsedTime(_began);

    /// <summary>Blocks that the plan still holds.</summary>
    public int BlocksToCome { get; private set; }

    public void Plan(int blocks) => BlocksToCome += blocks;

    /// <summary>One block is over.</summary>
    /// <param name="took">Its wall time.</param>
    /// <param name="wasPlanned">False for a block that was run again.</param>
    public void Count(TimeSpan took, bool wasPlanned)
    {
        _blockTime += took;
        _blocksRun++;
        BlocksToCome -= wasPlanned ? 1 : 0;
    }

    /// <summary>True when one block more than planned is expected to fit.</summary>
    public bool HasRoomForAnother => _blocksRun == 0
        ? Elapsed < limit
        : Elapsed + (_blockTime / _blocksRun * (BlocksToCome + 1)) <= limit;
}
