using System.CommandLine;
using Ambient.Cli.Dumps;
using Ambient.Cli.Output;
using Ambient.Cli.Sources;
using Ambient.Cli.Text;

namespace Ambient.Cli.Commands;

/// <summary>What the commands that list a section of a dump have in common: where it comes from, what of it, and in which form.</summary>
internal static class DumpCommand
{
    /// <param name="command">Gets the options, and what it does.</param>
    /// <param name="section">The section that is asked for.</param>
    /// <param name="console">Where it is written.</param>
    /// <param name="filter">What of it is wanted; the node is filled in here.</param>
    /// <param name="read">Makes the listing.</param>
    /// <param name="controlPlaneKnows">Whether a control plane knows it, too.</param>
    public static Command Complete(
        Command command, string section, CommandConsole console, Func<ParseResult, Filter> filter, Func<Dump, Filter, ParseResult, Section> read, bool controlPlaneKnows = true)
    {
        DumpOptions source = new(controlPlaneKnows);
        Option<string> output = OutputOption.Create();
        foreach (Option option in source.All)
        {
            command.Add(option);
        }

        command.Add(output);
        command.SetAction(async (parsed, cancellation) =>
        {
            IDumpSource chosen = source.Choose(parsed, section, console.Input);
            Filter wanted = filter(parsed);
            wanted = wanted with { Node = wanted.Node ?? source.NodeFilter(parsed) };
            byte[] text = await chosen.ReadAsync(cancellation);
            Write(Dump.Parse(text, chosen.Description), wanted, (dump, taken) => read(dump, taken, parsed), console, OutputOption.Parse(parsed.GetValue(output)!));
            return ExitCodes.Good;
        });
        return command;
    }

    /// <summary>Lists a section of a dump.</summary>
    /// <exception cref="CommandException">The dump does not have it.</exception>
    public static void Write(Dump dump, Filter filter, Func<Dump, Filter, Section> read, CommandConsole console, OutputFormat format)
    {
        using (dump)
        {
            try
            {
                Section section = read(dump, filter);
                ListingWriter.Write(console.Output, section.Listing, format);
                if (section.Listing.Items.Count == 0)
                {
                    console.Error.WriteLine($"Nothing is listed. {WhyEmpty(section, filter)}".TrimEnd());
                }
            }
            catch (InvalidOperationException)
            {
                // Text with half a surrogate pair can be written in JSON, and is none.
                throw new CommandException("the dump has text that is not valid Unicode", "Its proxy would not have written it: get the dump again.");
            }
        }
    }

    private static string WhyEmpty(Section section, Filter filter)
    {
        if (filter.Namespace is { } home && !section.Namespaces.Contains(home))
        {
            return $"No namespace {Printable.Of(home)} is in it. {Suggestion.For(home, section.Namespaces, "namespaces")}";
        }

        if (filter.Node is { } node && !section.Nodes.Contains(node))
        {
            return $"No node {Printable.Of(node)} is in it. {Suggestion.For(node, section.Nodes, "nodes")}";
        }

        return filter.Name is { } name && !section.Names.Contains(name)
            ? $"No name {Printable.Of(name)} is in it. {Suggestion.For(name, section.Names, "names")}"
            : "";
    }
}
