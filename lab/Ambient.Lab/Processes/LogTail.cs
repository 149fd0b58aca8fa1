namespace Ambient.Lab.Processes;

/// <summary>The last lines of a program's output, for messages.</summary>
public static class LogTail
{
    private const int Lines = 15;

    public static string Read(string path)
    {
        try
        {
            string[] lines = File.ReadAllLines(path);
            return string.Join('\n', lines.TakeLast(Lines).Select(line => $"    {line}"));
        }
        catch (IOException failure)
        {
            return $"    ({failure.Message})";
        }
    }
}
