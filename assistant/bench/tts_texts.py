"""What voices are measured with: ten replies of three sentences each, and so thirty sentences."""

REPLIES = (
    (
        "It is twenty-five past seven.",
        "The sun has been up for an hour, and it will be a clear day until the evening.",
        "Shall I wake the others as well?",
    ),
    (
        "Timer set for 12 minutes.",
        "The one for the pasta has another 3 minutes and 40 seconds to go.",
        "I will tell you when either of them is over.",
    ),
    (
        "Tomorrow it will rain in the morning, with 14 degrees at noon and a fresh wind from the west.",
        "Take a coat.",
        "On Sunday the weather is going to be better.",
    ),
    (
        "You have two appointments today.",
        "The dentist is at 9:30, and at 4 p.m. you wanted to telephone with Mrs. Miller about the contract.",
        "Is that too close together?",
    ),
    (
        "The sky is blue because air scatters short waves of light more than long ones.",
        "In the evening the way through the air is longer, so what is left of the light is red.",
        "The same happens, turned around, in the dust of Mars.",
    ),
    (
        "I have added milk, bread and six eggs to the list.",
        "There are 17 things on it now.",
        "The supermarket closes at 8 p.m., so there is time enough.",
    ),
    (
        "The light in the kitchen is on, at 40 %.",
        "Nobody has been in there since half past ten.",
        "Do you want me to turn it off?",
    ),
    (
        "No, I do not know that piece.",
        "There are three others by the same composer in your collection, the longest of which takes 52 minutes.",
        "Say its number, and I play it.",
    ),
    (
        "A marathon is 42.195 kilometres long, which is a little more than twenty-six miles.",
        "At your usual pace that would take about 4 hours and 15 minutes.",
        "Good luck!",
    ),
    (
        "Good night.",
        "The alarm is set for 6:45, the door is locked, and the heating goes down to 17 degrees at eleven.",
        "Sleep well.",
    ),
)
