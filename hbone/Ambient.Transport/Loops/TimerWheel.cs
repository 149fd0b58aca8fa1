using System.Numerics;

namespace Ambient.Transport.Loops;

/// <summary>
/// Hierarchical timer wheel in milliseconds: six levels of 64 slots, the lowest of 1 ms. Adding and cancelling are O(1); a
/// bitmap a level finds the next slot in use, so an idle loop sleeps until a timer is really near. A timer sits at the level
/// of the highest digit (base 64) in which its due time differs from now, and moves down when that digit is reached.
/// </summary>
internal sealed class TimerWheel(Action<Exception> onError, long now = 0)
{
    private const int SlotBits = 6;
    private const int SlotsPerLevel = 1 << SlotBits;
    private const int LevelCount = 6;
    private const int ExpiredSlot = LevelCount * SlotsPerLevel;

    /// <summary>Half of the top level's range, 397 days: a longer delay could land behind its own start.</summary>
    internal const long MaxDelay = 1L << (LevelCount * SlotBits - 1);

    private readonly LoopTimer?[] _heads = new LoopTimer?[ExpiredSlot + 1];
    private readonly ulong[] _occupied = new ulong[LevelCount];
    private long _elapsed = now;

    internal int Count { get; private set; }

    /// <summary>Due no earlier than one tick after the wheel's present, so that a timer set by a timer waits for the next turn.</summary>
    internal void Add(LoopTimer timer, long due)
    {
        timer.Due = Math.Clamp(due, _elapsed + 1, _elapsed + MaxDelay);
        LinkByDue(timer);
        Count++;
    }

    internal void Remove(LoopTimer timer)
    {
        Unlink(timer);
        Count--;
    }

    /// <returns>When <see cref="Advance"/> has something to do next, which may be moving a timer down; <see cref="long.MaxValue"/> for never.</returns>
    internal long NextWork() => TryFindNext(out _, out long deadline) ? deadline : long.MaxValue;

    /// <summary>Fires everything due at <paramref name="now"/> in order of due time.</summary>
    internal void Advance(long now)
    {
        while (TryFindNext(out int slot, out long deadline) && deadline <= now)
        {
            _elapsed = deadline;
            Expire(slot);
        }

        _elapsed = Math.Max(_elapsed, now);
    }

    private bool TryFindNext(out int slot, out long deadline)
    {
        for (int level = 0; level < LevelCount; level++)
        {
            ulong occupied = _occupied[level];
            if (occupied == 0)
            {
                continue;
            }

            int shift = level * SlotBits;
            int current = (int)(_elapsed >> shift) & (SlotsPerLevel - 1);
            int ahead = BitOperations.TrailingZeroCount(BitOperations.RotateRight(occupied, current));
            int index = (current + ahead) & (SlotsPerLevel - 1);
            long levelRange = 1L << (shift + SlotBits);
            deadline = (_elapsed & ~(levelRange - 1)) + ((long)index << shift);
            if (deadline <= _elapsed)
            {
                // Only the top level wraps: below it a timer never sits behind the present digit.
                deadline += levelRange;
            }

            slot = level * SlotsPerLevel + index;
            return true;
        }

        slot = -1;
        deadline = 0;
        return false;
    }

    private void Expire(int slot)
    {
        while (_heads[slot] is { } timer)
        {
            Unlink(timer);
            if (timer.Due <= _elapsed)
            {
                Link(timer, ExpiredSlot);
            }
            else
            {
                LinkByDue(timer);
            }
        }

        // One at a time from a list that Cancel can still reach: a callback may cancel its neighbours.
        while (_heads[ExpiredSlot] is { } timer)
        {
            Remove(timer);
            try
            {
                timer.Fire();
            }
            catch (Exception error)
            {
                onError(error);
            }
        }
    }

    private void LinkByDue(LoopTimer timer)
    {
        ulong differing = (ulong)(_elapsed ^ timer.Due) | (SlotsPerLevel - 1);
        int level = Math.Min(BitOperations.Log2(differing) / SlotBits, LevelCount - 1);
        int index = (int)(timer.Due >> (level * SlotBits)) & (SlotsPerLevel - 1);
        _occupied[level] |= 1UL << index;
        Link(timer, level * SlotsPerLevel + index);
    }

    private void Link(LoopTimer timer, int slot)
    {
        LoopTimer? head = _heads[slot];
        timer.Slot = slot;
        timer.Previous = null;
        timer.Next = head;
        if (head is not null)
        {
            head.Previous = timer;
        }

        _heads[slot] = timer;
    }

    private void Unlink(LoopTimer timer)
    {
        int slot = timer.Slot;
        if (timer.Previous is { } previous)
        {
            previous.Next = timer.Next;
        }
        else
        {
            _heads[slot] = timer.Next;
        }

        if (timer.Next is { } next)
        {
            next.Previous = timer.Previous;
        }

        if (_heads[slot] is null && slot < ExpiredSlot)
        {
            _occupied[slot / SlotsPerLevel] &= ~(1UL << (slot % SlotsPerLevel));
        }

        timer.Slot = -1;
        timer.Previous = null;
        timer.Next = null;
    }
}
