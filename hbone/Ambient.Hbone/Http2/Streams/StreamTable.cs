namespace Ambient.Hbone.Http2.Streams;

/// <summary>Streams by id: open addressing with linear probing, at most half full, removal by shifting back.</summary>
internal sealed class StreamTable
{
    private const int InitialSlots = 8;

    // Multiplying by 2^32 / golden ratio spreads ids that a hostile peer spaces to collide.
    private const uint Spread = 2_654_435_769;

    private Slot[] _slots = new Slot[InitialSlots];
    private int _shift = 32 - 3;

    public int Count { get; private set; }

    public Http2Stream? Find(int id)
    {
        Slot[] slots = _slots;
        int mask = slots.Length - 1;
        for (int place = Place(id); ; place = (place + 1) & mask)
        {
            ref Slot slot = ref slots[place & mask];
            if (slot.Id == id)
            {
                return slot.Stream;
            }

            if (slot.Id == 0)
            {
                return null;
            }
        }
    }

    public void Add(Http2Stream stream)
    {
        if (2 * (Count + 1) > _slots.Length)
        {
            Grow();
        }

        Put(stream);
        Count++;
    }

    public void Remove(int id)
    {
        int mask = _slots.Length - 1;
        int hole = Place(id);
        while (_slots[hole].Id != id)
        {
            if (_slots[hole].Id == 0)
            {
                return;
            }

            hole = (hole + 1) & mask;
        }

        // Whatever probed past the hole moves into it, so no marks of removed entries are needed.
        for (int next = (hole + 1) & mask; _slots[next].Id != 0; next = (next + 1) & mask)
        {
            int home = Place(_slots[next].Id);
            if (((next - home) & mask) >= ((next - hole) & mask))
            {
                _slots[hole] = _slots[next];
                hole = next;
            }
        }

        _slots[hole] = default;
        Count--;
    }

    /// <summary>The streams as they are now; safe against changes made while walking it.</summary>
    public Http2Stream[] Snapshot()
    {
        Http2Stream[] streams = new Http2Stream[Count];
        int written = 0;
        foreach (Slot slot in _slots)
        {
            if (slot.Stream is not null)
            {
                streams[written++] = slot.Stream;
            }
        }

        return streams;
    }

    private int Place(int id) => (int)((uint)id * Spread >> _shift);

    private void Put(Http2Stream stream)
    {
        int place = Place(stream.Id);
        while (_slots[place].Id != 0)
        {
            place = (place + 1) & (_slots.Length - 1);
        }

        _slots[place] = new Slot { Id = stream.Id, Stream = stream };
    }

    private void Grow()
    {
        Slot[] old = _slots;
        _slots = new Slot[old.Length * 2];
        _shift--;
        foreach (Slot slot in old)
        {
            if (slot.Stream is not null)
            {
                Put(slot.Stream);
            }
        }
    }

    private struct Slot
    {
        public int Id;
        public Http2Stream? Stream;
    }
}
