using System.Reflection;
using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Payloads;
using Microsoft.Extensions.Configuration;

namespace ActorFlow.Configuration;

/// <summary>
/// Reads options from a section of a configuration. A key is a public property, in any case; a property is a text, <c>true</c> or
/// <c>false</c>, a whole number, a word of an enumeration, a duration (<c>10s</c>, <c>00:00:10</c>), a list of texts, a dictionary of
/// numbers, or options of its own. A configured list or dictionary replaces the default. A key that is null keeps the default.
/// </summary>
internal sealed class OptionsReader
{
    private const int ShownLength = 60;

    private readonly List<string> _unknown = [];
    private readonly List<string> _wrong = [];
    private readonly List<UnknownSection> _sections = [];

    private OptionsReader()
    {
    }

    /// <summary>Sets every property that the section has a key for.</summary>
    /// <param name="section">The section.</param>
    /// <param name="options">The options, with their defaults.</param>
    /// <returns>What was found. Values that are out of range are set; validate the options.</returns>
    public static OptionsReading Read(IConfigurationSection section, object options)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(options);
        var reader = new OptionsReader();
        reader.ReadSection(section, section.Path, options, isRoot: true);
        return new(section.Path, [.. reader._unknown, .. reader._wrong], reader._sections);
    }

    private void ReadSection(IConfigurationSection section, string path, object options, bool isRoot = false)
    {
        // The value is not shown: somebody may have put a password into the wrong place.
        if (section.Value is not null)
        {
            _wrong.Add($"{path} is a section of settings, and cannot have a value of its own.");
        }

        var properties = options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var child in section.GetChildren())
        {
            if (properties.FirstOrDefault(property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) is { } known)
            {
                ReadProperty(child, $"{path}:{known.Name}", options, known);
            }
            else
            {
                AddUnknown(child, path, properties, isRoot);
            }
        }
    }

    private void AddUnknown(IConfigurationSection child, string path, PropertyInfo[] known, bool isRoot)
    {
        var near = NearestWord.Find(child.Key, known.Select(property => property.Name));
        var problem = $"{path}:{OneLine.Of(child.Key, ShownLength)} is not known{(near is null ? "." : $"; did you mean {path}:{near}?")}";
        if (isRoot && child.GetChildren().Any())
        {
            _sections.Add(new(child.Path, problem));
        }
        else
        {
            _unknown.Add(problem);
        }
    }

    private void ReadProperty(IConfigurationSection section, string key, object options, PropertyInfo property)
    {
        var range = property.GetCustomAttribute<SettingRangeAttribute>()?.Words;
        var type = property.PropertyType;
        if (SettingText.IsFor(type))
        {
            if (ReadValue(section, key, type, range) is { } value)
            {
                property.SetValue(options, value);
            }
        }
        else if (type == typeof(IList<string>))
        {
            if (ReadList(section, key) is { } list)
            {
                property.SetValue(options, list);
            }
        }
        else if (type == typeof(IDictionary<string, int>))
        {
            if (ReadDictionary(section, key, range) is { } entries)
            {
                property.SetValue(options, entries);
            }
        }
        else
        {
            ReadSection(section, key, property.GetValue(options) ?? throw new ArgumentException($"The options of {key} are null.", nameof(options)));
        }
    }

    /// <summary>The value; null means that it is not given, or wrong.</summary>
    private object? ReadValue(IConfigurationSection section, string key, Type type, string? range)
    {
        if (section.GetChildren().Any())
        {
            _wrong.Add($"{key} must be one value; it is a section or a list.");
            return null;
        }

        if (section.Value is not { } text)
        {
            return null;
        }

        if (!SettingText.TryParse(text, type, out var value))
        {
            _wrong.Add($"{key} must be {SettingText.Expected(type, range, text)}; it is '{OneLine.Of(text, ShownLength)}'.");
        }

        return value;
    }

    /// <summary>
    /// The elements. A text with commas is a list as well, and counts before elements: an environment variable can so replace a list of a
    /// file, whose elements it could only overwrite one by one.
    /// </summary>
    private List<string>? ReadList(IConfigurationSection section, string key)
    {
        if (section.Value is { } text)
        {
            return [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        }

        var elements = section.GetChildren().ToList();
        foreach (var element in elements.Where(element => element.Value is null))
        {
            _wrong.Add($"{key}:{element.Key} must be a text.");
        }

        foreach (var element in elements.Where(element => !int.TryParse(element.Key, out _)))
        {
            _unknown.Add($"{key}:{OneLine.Of(element.Key, ShownLength)} is not known: the elements of {key} are numbered from 0.");
        }

        return elements.Count == 0 ? null : [.. elements.Select(element => element.Value).OfType<string>()];
    }

    private Dictionary<string, int>? ReadDictionary(IConfigurationSection section, string key, string? range)
    {
        if (section.Value is not null)
        {
            _wrong.Add($"{key} must be a section of numbers by name, such as {key}:default; it is a value.");
            return null;
        }

        var entries = section.GetChildren().ToList();
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (ReadValue(entry, $"{key}:{entry.Key}", typeof(int), range) is int value)
            {
                values[entry.Key] = value;
            }
        }

        return entries.Count == 0 ? null : values;
    }
}
